import type { Queries } from "../database/engine.ts"
import type { Mail } from "../mail.ts"
import { appMailMessages } from "../messages/app-mails.ts"
import { isLanguage, type Language, speak } from "../messages/catalogue.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import type { EndingSecret } from "./client-secrets.store.ts"
import type { ManagedClient } from "./managed-clients.store.ts"
import type { DecisionTaken } from "./review-client.ts"
import { listAppContacts } from "./review-queue.store.ts"

/** What a mail about an app is written from. */
type Subject = Pick<ManagedClient, "rowId" | "clientId"> & { readonly name: string }

/** The mails that tell an app's owner what the operator decided. */
export function writeDecisionMails(db: Queries, siteUrl: string, decided: DecisionTaken): Promise<readonly Mail[]> {
  const { client, what, decision } = decided
  const subject = { rowId: client.rowId, clientId: client.clientId, name: client.values.name }
  return writeMails(db, siteUrl, subject, (language, facts) => {
    const words = speak(appMailMessages, language)
    switch (decision.kind) {
      case "approve":
        return what === "app"
          ? { subject: words.approvedSubject(facts), text: words.approved(facts) }
          : { subject: words.changesApprovedSubject(facts), text: words.changesApproved(facts) }
      case "reject": {
        const more = { ...facts, reason: decision.reason }
        return what === "app"
          ? { subject: words.rejectedSubject(facts), text: words.rejected(more) }
          : { subject: words.changesRejectedSubject(facts), text: words.changesRejected(more) }
      }
      case "suspend":
        return {
          subject: words.suspendedSubject(facts),
          text: words.suspended({ ...facts, reason: decision.reason }),
        }
      case "reinstate":
        return { subject: words.reinstatedSubject(facts), text: words.reinstated(facts) }
    }
  })
}

/** The mails that warn an app's owner of a secret that ends while it is in use (contract/oauth.md §15, "Secrets"). */
export function writeSecretWarnings(
  db: Queries,
  siteUrl: string,
  app: Subject,
  secret: EndingSecret,
): Promise<readonly Mail[]> {
  return writeMails(db, siteUrl, app, (language, facts) => {
    const words = speak(appMailMessages, language)
    const text = words.secretEnds({
      ...facts,
      last: secret.lastCharacters,
      endsAt: words.vietnamTime(formatVietnamTime(secret.expiresAt)),
      usedAt: formatVietnamTime(secret.lastUsedAt),
      ip: secret.lastUsedIp ?? "?",
    })
    return { subject: words.secretEndsSubject(facts), text }
  })
}

async function writeMails(
  db: Queries,
  siteUrl: string,
  app: Subject,
  write: (language: Language, facts: { readonly app: string; readonly url: string }) => Omit<Mail, "to">,
): Promise<readonly Mail[]> {
  const facts = { app: app.name, url: `${siteUrl}/developer/apps/${app.clientId}` }
  const contacts = await listAppContacts(db, app.rowId)
  return contacts.map(({ email, language }) => ({
    to: email,
    ...write(isLanguage(language ?? undefined) ? (language as Language) : "vi", facts),
  }))
}
