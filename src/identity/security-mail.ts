import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { Mail, Mailer } from "../mail.ts"
import { mailFrameMessages } from "../messages/account-mail.ts"
import type { Language } from "../messages/catalogue.ts"
import { speak } from "../messages/catalogue.ts"
import { deviceMessages, securityMailMessages } from "../messages/security-mail.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import { readDevice } from "./device.ts"
import type { Visitor } from "./session.ts"
import { findUserById } from "./users.store.ts"

/** What an owner is warned of. */
export type SecurityEvent =
  | "sign_in"
  | "password_changed"
  | "second_factor_on"
  | "second_factor_off"
  | "second_factor_off_by_operator"
  | "recovery_code_used"
  | "recovery_codes_renewed"
  | "wrong_codes"

export interface SecurityNews {
  readonly event: SecurityEvent
  readonly at: Instant
  /** Who did it, as far as a request tells; absent for what the operator did. */
  readonly from?: { readonly ip: string; readonly userAgent: string } | undefined
  /** Recovery codes that are left, where one was used. */
  readonly codesLeft?: number | undefined
}

/** Who is warned; without a setting in Vietnamese. */
export interface Owner {
  readonly email: string
  readonly language: Language | undefined
}

/** What is told of a sign-in: whose, from where. */
export interface SignInNews {
  readonly userId: number
  readonly visitor: Pick<Visitor, "ip" | "userAgent">
  readonly news: Pick<SecurityNews, "event" | "codesLeft">
}

/** Keeps a warning to a user within the transaction of what it tells of; whoever began that wakes the mailer afterwards. */
export type WarnUser = (tx: Queries, about: SignInNews, now: Instant) => Promise<void>

/** Makes the warnings of a site. */
export function createWarnings({ mail, url }: { readonly mail: Pick<Mailer, "keep">; readonly url: string }): WarnUser {
  return async (tx, { userId, visitor, news }, now) => {
    const user = await findUserById(tx, userId)
    const { ip, userAgent } = visitor
    if (user !== undefined)
      await mail.keep(tx, [securityMail(url, user, { ...news, at: now, from: { ip, userAgent } })])
  }
}

/**
 * A mail that warns an owner, in their language: what happened, when, from where, and what to do if it was not them. Nothing that a stranger can write stands in it: of a browser only names that we know.
 */
export function securityMail(siteUrl: string, { email, language = "vi" }: Owner, news: SecurityNews): Mail {
  const words = speak(securityMailMessages, language)
  const frame = speak(mailFrameMessages, language)
  const { event, at, from, codesLeft } = news
  const facts = [
    words.when(formatVietnamTime(at)),
    ...(from === undefined ? [] : [words.device(deviceText(from.userAgent, language)), words.address(from.ip)]),
  ]
  const paragraphs = [
    frame.hello,
    words[event],
    ...(codesLeft === undefined ? [] : [words.codesLeft(codesLeft)]),
    facts.join("\n"),
    ...(event === "wrong_codes" ? [] : [words.wasYou]),
    words.wasNotYou(siteUrl),
    "-- ",
    frame.sentBy(new URL(siteUrl).host),
  ]
  return { to: email, subject: words[`${event}Subject`], text: `${paragraphs.join("\n\n")}\n` }
}

/** A device in words: `Chrome on Windows`. */
export function deviceText(userAgent: string, language: Language): string {
  const words = speak(deviceMessages, language)
  const { browser, system } = readDevice(userAgent)
  if (browser !== undefined && system !== undefined) return words.both({ browser, system })
  if (browser !== undefined) return words.browserOnly(browser)
  return system === undefined ? words.unknown : words.systemOnly(system)
}
