/** One shape of payment code a company has chosen (contract/feeds.md §8). */
export interface PaymentCodeTemplate {
  /** `[A-Z][A-Z0-9]{1,4}`, upper-case. */
  readonly prefix: string
  /** Shortest and longest part after the prefix, in characters, 1–30. */
  readonly suffixFrom: number
  readonly suffixTo: number
  readonly characterType: "NumberOnly" | "NumberAndLetter"
  readonly isActive: boolean
}

/** What a new company starts with. */
export const DEFAULT_PAYMENT_CODE_TEMPLATE: PaymentCodeTemplate = {
  prefix: "DH",
  suffixFrom: 6,
  suffixTo: 8,
  characterType: "NumberOnly",
  isActive: true,
}

/** How sure a code is, best first: 1 stands alone, 2 begins a word, 3 is inside one, 4 stands alone without a digit. */
export type CodeRank = 1 | 2 | 3 | 4

/** A code, with what the live tester shows about how it was found. */
export interface FoundPaymentCode {
  /** Prefix and suffix, upper-case, without separator. */
  readonly code: string
  /** Place of the template in the company's list, inactive ones counted. */
  readonly templateIndex: number
  readonly rank: CodeRank
  readonly pass: "direct" | "separator"
}

interface CompiledTemplate {
  readonly index: number
  readonly prefix: string
  readonly suffixFrom: number
  readonly suffixTo: number
  readonly letters: boolean
}

/** The active templates of one company, ready for many searches. */
export type CompiledTemplates = readonly CompiledTemplate[]

/** Prepares a company's templates, given in their order. */
export function compileTemplates(templates: readonly PaymentCodeTemplate[]): CompiledTemplates {
  return templates
    .map((template, index) => ({ template, index }))
    .filter(({ template }) => template.isActive)
    .map(({ template, index }) => ({
      index,
      prefix: template.prefix.toUpperCase(),
      suffixFrom: template.suffixFrom,
      suffixTo: template.suffixTo,
      letters: template.characterType === "NumberAndLetter",
    }))
}

/**
 * Finds the payment code of a transfer, by the algorithm of contract/feeds.md §8.
 *
 * The description is read only when the memo is empty. The company's `paycode` switch is the caller's to ask.
 */
export function findPaymentCode(
  templates: CompiledTemplates,
  memo: string,
  description: string,
  options: { readonly separatorTolerant: boolean } = { separatorTolerant: true },
): FoundPaymentCode | undefined {
  if (templates.length === 0) return undefined
  const text = foldText(memo === "" ? description : memo)
  return (
    firstTemplateHit(templates, text, "direct") ??
    (options.separatorTolerant ? firstTemplateHit(templates, text, "separator") : undefined)
  )
}

const NOT_ASCII = /[^\0-\x7f]/

/** The upper-case, unaccented copy of a text that codes are searched in (contract/feeds.md §8 step 1). */
export function foldText(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toUpperCase()
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[đĐ]/g, "D")
    .toUpperCase()
}

function firstTemplateHit(
  templates: CompiledTemplates,
  text: string,
  pass: FoundPaymentCode["pass"],
): FoundPaymentCode | undefined {
  for (const template of templates) {
    const best = bestCandidate(template, text, pass)
    if (best !== undefined) return best
  }
  return undefined
}

/** Best rank wins, then the leftmost; matches may overlap (`DDD123456` holds `DD` twice). */
function bestCandidate(
  template: CompiledTemplate,
  text: string,
  pass: FoundPaymentCode["pass"],
): FoundPaymentCode | undefined {
  let best: FoundPaymentCode | undefined
  for (let at = text.indexOf(template.prefix); at !== -1; at = text.indexOf(template.prefix, at + 1)) {
    const candidate = candidateAt(template, text, at, pass)
    if (candidate?.rank === 1) return candidate
    // In the separator pass a lower rank is too weak a sign that the two parts belong together.
    if (pass === "direct" && candidate !== undefined && (best === undefined || candidate.rank < best.rank)) {
      best = candidate
    }
  }
  return best
}

const SEPARATORS = "-_.:#/ "

function candidateAt(
  template: CompiledTemplate,
  text: string,
  at: number,
  pass: FoundPaymentCode["pass"],
): FoundPaymentCode | undefined {
  let start = at + template.prefix.length
  if (pass === "separator") {
    if (start >= text.length || !SEPARATORS.includes(text.charAt(start))) return undefined
    start += 1
  }

  let end = start
  let hasDigit = false
  while (end < text.length && end - start < template.suffixTo) {
    const unit = text.charCodeAt(end)
    if (isDigit(unit)) hasDigit = true
    else if (!template.letters || !isLetter(unit)) break
    end += 1
  }
  if (end - start < template.suffixFrom) return undefined

  const rank = rankOf(isCleanAt(text, at - 1), isCleanAt(text, end), hasDigit)
  if (rank === undefined) return undefined
  return { code: template.prefix + text.slice(start, end), templateIndex: template.index, rank, pass }
}

function rankOf(leftClean: boolean, rightClean: boolean, hasDigit: boolean): CodeRank | undefined {
  if (hasDigit) return leftClean ? (rightClean ? 1 : 2) : 3
  return leftClean && rightClean ? 4 : undefined
}

function isCleanAt(text: string, index: number): boolean {
  if (index < 0 || index >= text.length) return true
  const unit = text.charCodeAt(index)
  return !isDigit(unit) && !isLetter(unit)
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39
}

function isLetter(unit: number): boolean {
  return unit >= 0x41 && unit <= 0x5a
}
