import { accountMailMessages, mailFrameMessages } from "../messages/account-mail.ts"
import { type Language, speak } from "../messages/catalogue.ts"

/** The words of a mail in its reader's language. */
export interface MailWords {
  readonly subject: string
  readonly text: string
}

interface Site {
  /** Public base URL, without a trailing slash. */
  readonly siteUrl: string
}

// What a stranger typed never stands in these: whoever can write into our mails writes with our name.

/** To a new address: the link that finishes a sign-up. */
export function verificationMail(language: Language, { siteUrl, token }: Site & { readonly token: string }): MailWords {
  const words = speak(accountMailMessages, language)
  const link = `${siteUrl}/verify-email?token=${token}`
  return mail(language, siteUrl, words.verifySubject, [words.verifyText, link, words.verifyNotYou])
}

/** To an address that has an account, after a sign-up with it. */
export function addressTakenMail(language: Language, { siteUrl }: Site): MailWords {
  const words = speak(accountMailMessages, language)
  const forgot = `${words.takenForgot}\n${siteUrl}/forgot-password`
  return mail(language, siteUrl, words.takenSubject, [
    `${words.takenText}\n${siteUrl}/login`,
    forgot,
    words.takenNotYou,
  ])
}

/** The link that sets a new password. */
export function resetMail(language: Language, { siteUrl, token }: Site & { readonly token: string }): MailWords {
  const words = speak(accountMailMessages, language)
  const link = `${siteUrl}/reset-password?token=${token}`
  return mail(language, siteUrl, words.resetSubject, [words.resetText, link, words.resetNotYou])
}

/** Afterwards: that the password was reset. */
export function resetDoneMail(language: Language, { siteUrl }: Site): MailWords {
  const words = speak(accountMailMessages, language)
  const again = `${words.resetDoneNotYou}\n${siteUrl}/forgot-password`
  return mail(language, siteUrl, words.resetDoneSubject, [words.resetDoneText, again])
}

/** To the new address: the link that makes it the account's. */
export function emailChangeMail(language: Language, { siteUrl, token }: Site & { readonly token: string }): MailWords {
  const words = speak(accountMailMessages, language)
  const link = `${siteUrl}/confirm-email?token=${token}`
  return mail(language, siteUrl, words.changeEmailSubject, [words.changeEmailText, link, words.changeEmailNotYou])
}

/** To a new address that has an account of its own. */
export function emailChangeTakenMail(language: Language, { siteUrl }: Site): MailWords {
  const words = speak(accountMailMessages, language)
  return mail(language, siteUrl, words.takenSubject, [words.changeTakenText, words.takenNotYou])
}

/** To the old address: that another one has taken its place. */
export function emailChangedMail(language: Language, { siteUrl, email }: Site & { readonly email: string }): MailWords {
  const words = speak(accountMailMessages, language)
  return mail(language, siteUrl, words.emailChangedSubject, [words.emailChangedText(email), words.emailChangedNotYou])
}

/** The link that lets somebody into a company. */
export function invitationMail(
  language: Language,
  invitation: Site & { readonly token: string; readonly companyName: string; readonly inviterName: string },
): MailWords {
  const { siteUrl, token } = invitation
  const words = speak(accountMailMessages, language)
  const company = withoutLinks(invitation.companyName)
  const link = `${siteUrl}/invitation?token=${token}`
  const text = words.inviteText({ inviter: withoutLinks(invitation.inviterName), company })
  return mail(language, siteUrl, words.inviteSubject(company), [text, link, words.inviteNotYou])
}

function mail(language: Language, siteUrl: string, subject: string, paragraphs: readonly string[]): MailWords {
  const words = speak(mailFrameMessages, language)
  const text = [words.hello, ...paragraphs, "-- ", words.sentBy(new URL(siteUrl).host)].join("\n\n")
  return { subject, text: `${text}\n` }
}

const longestName = 80

// Mail programs make links of what looks like one; a name that looks like one must not lead anybody anywhere.
function withoutLinks(name: string): string {
  const short = [...name].length > longestName ? `${[...name].slice(0, longestName).join("")}…` : name
  return short.replaceAll(/[.:/@]+(?=\S)/g, "$& ")
}
