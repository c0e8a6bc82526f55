/** Fewest characters of a password (design: any characters, ten or more). */
export const fewestPasswordCharacters = 10

// Beyond this a password only costs time; nobody types it.
const mostPasswordCharacters = 1000

// The longest-lived entries of public leak counts that pass the length rule, and Vietnamese favourites.
const commonPasswords: ReadonlySet<string> = new Set(
  `1234567890 12345678910 123456789a a123456789 0123456789 9876543210 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345
  qwerty1234 qwerty123456 1234567890q q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsxcde3 asdfghjkl123 asdfghjkl1 asdfghjkl; zxcvbnm123
  password12 password123 password1234 password12345 passw0rd123 p@ssw0rd123 p@ssword123 password1! password123! mypassword
  iloveyou123 iloveyou12 iloveyou1234 letmein123 welcome123 welcome1234 admin12345 admin123456 administrator root123456
  abc123456789 abcd123456 abcdef1234 abcdefghij abcdefghijk 123456abcd 123456abcdef 1a2b3c4d5e aa12345678 qwer123456
  football123 superman123 princess123 sunshine123 dragon12345 monkey12345 michael123 changeme123 computer123 internet123
  matkhau123 matkhau1234 matkhau12345 matkhau123456 khongcomatkhau anhyeuem123 emyeuanh123 yeuanhnhieu yeuemnhieu
  anhyeuem1234 vietnam123 vietnam1234 vietnam2024 vietnam2025 vietnam2026 hanoi123456 saigon12345 saigon123456
  nguyen12345 nguyen123456 sepay12345 sepay123456 sepay.vn123 nganhang123 vietcombank techcombank vietcombank123`
    .split(/\s+/)
    .filter((text) => text !== ""),
)

/** What can be wrong with a password. */
export type PasswordFault = "short" | "long" | "easy"

/**
 * What is wrong with a password, or undefined: ten characters or more, any characters, and neither common, nor one character
 * or a row of neighbours all along, nor the e-mail.
 */
export function findPasswordFault(password: string, email: string): PasswordFault | undefined {
  const text = password.normalize("NFKC")
  const characters = [...text]
  if (characters.length < fewestPasswordCharacters) return "short"
  if (characters.length > mostPasswordCharacters) return "long"
  const folded = text.toLowerCase()
  const foldedEmail = email.toLowerCase()
  const easy =
    commonPasswords.has(folded) ||
    isMonotonous(characters) ||
    folded === foldedEmail ||
    folded === foldedEmail.split("@")[0]
  return easy ? "easy" : undefined
}

/** What is wrong with a password, as one sentence for whoever reads no page. */
export function findPasswordProblem(password: string, email: string): string | undefined {
  const fault = findPasswordFault(password, email)
  return fault && problems[fault]
}

const problems: Readonly<Record<PasswordFault, string>> = {
  short: `The password must have ${fewestPasswordCharacters} characters or more.`,
  long: `The password must have at most ${mostPasswordCharacters} characters.`,
  easy: "The password is too easy to guess: choose another one.",
}

/** Whether each character follows the one before it by the same small step: `aaaaaaaaaa`, `abcdefghij`, `9876543210`. */
function isMonotonous(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0)
  const step = (codes[1] ?? 0) - (codes[0] ?? 0)
  return Math.abs(step) <= 1 && codes.every((code, index) => index === 0 || code - (codes[index - 1] ?? 0) === step)
}
