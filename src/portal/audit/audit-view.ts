import type { Instant } from "../../clock.ts"
import type { AuditRecord } from "../../identity/audit-log.ts"
import { appStateMessages } from "../../messages/app-pages.ts"
import { auditFields, auditMessages, auditValues } from "../../messages/audit.ts"
import { auditActions } from "../../messages/audit-actions.ts"
import { type Language, type Phrase, speak } from "../../messages/catalogue.ts"
import { permissionMessages } from "../../messages/company-users.ts"
import { modeMessages, scopeMessages } from "../../messages/oauth.ts"

/** An entry as the page tells it. */
export interface AuditLine {
  readonly id: number
  readonly at: Instant
  readonly who: string
  /** What was done, around the name of the thing, if the sentence has one. */
  readonly before: string
  readonly thing: string | undefined
  readonly after: string
  /** Where the thing is to be seen. */
  readonly path: string | undefined
  readonly ip: string | undefined
  readonly changes: readonly AuditChange[]
  readonly action: string
  /** Of the company it happened in, where entries of several are shown. */
  readonly company: { readonly id: number; readonly name: string | undefined } | undefined
}

/** A value that changed, or one fact when there is no `from`. */
export interface AuditChange {
  readonly name: string
  readonly from: string | undefined
  readonly to: string
}

/** For whom entries are put into words, and what is known of those they name. */
export interface AuditReader {
  readonly language: Language
  /** Operators see who of them it was, and from where; a company sees that it was the operator. */
  readonly isOperator: boolean
  readonly clientNames: ReadonlyMap<number, string>
  readonly companyNames?: ReadonlyMap<number, string>
}

// Stands for the thing while a sentence is made, so that the page can put a link there.
const hole = "\u0000"

/** Puts an entry into words. Pure. */
export function toAuditLine(record: AuditRecord, reader: AuditReader): AuditLine {
  const { language, isOperator, companyNames } = reader
  const words = speak(auditMessages, language)
  const { [record.action]: sentence } = auditActions as Readonly<Record<string, Phrase<string>>>
  const text = sentence?.[language](hole) ?? words.unknownAction(record.action)
  const [before = "", after] = text.split(hole)
  return {
    id: record.id,
    at: record.recordedAt,
    who: whoText(record, reader),
    before,
    thing: after === undefined ? undefined : thingText(record, language),
    after: after ?? "",
    path: isOperator ? operatorPath(record) : companyPath(record),
    ip: record.actor.kind === "operator" && !isOperator ? undefined : record.ip,
    changes: toChanges(record, language),
    action: record.action,
    company:
      companyNames === undefined ? undefined : { id: record.companyId, name: companyNames.get(record.companyId) },
  }
}

function whoText({ actor, actorName }: AuditRecord, { language, isOperator, clientNames }: AuditReader): string {
  const words = speak(auditMessages, language)
  switch (actor.kind) {
    case "user":
      return actorName ?? words.userNumber(actor.id ?? 0)
    case "client":
      return words.app(clientNames.get(actor.id ?? 0) ?? words.thingNumber(actor.id ?? 0))
    case "operator":
      return isOperator && actorName !== undefined ? `${actorName} (${words.operator})` : words.operator
    case "system":
      return words.system
  }
}

function thingText({ details, subjectId }: AuditRecord, language: Language): string {
  const words = speak(auditMessages, language)
  const name = [details["name"], details["email"], details["prefix"], details["label"], details["account_number"]].find(
    (value) => typeof value === "string" && value !== "",
  )
  return typeof name === "string" ? words.thing(name) : words.thingNumber(subjectId ?? 0)
}

function companyPath({ subject, subjectId, action }: AuditRecord): string | undefined {
  if (subjectId === undefined || action.endsWith(".delete")) return undefined
  if (subject === "webhook") return `/webhooks/${subjectId}`
  if (subject === "grant") return `/connected-apps/${subjectId}`
  if (subject === "bank_account") return `/bank-accounts/${subjectId}`
  return undefined
}

function operatorPath({ subject, subjectId, companyId }: AuditRecord): string | undefined {
  if (subject === "user" && subjectId !== undefined) return `/operator/users/${subjectId}`
  return companyId === 0 ? undefined : `/operator/companies/${companyId}`
}

const toldElsewhere: readonly string[] = ["before", "after", "from", "to", "name", "replay", "invitation_id"]

function toChanges({ details }: AuditRecord, language: Language): readonly AuditChange[] {
  const before = asObject(details["before"] ?? details["from"])
  const after = asObject(details["after"] ?? details["to"])
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = keys.map((key) => ({
    name: fieldText(key, language),
    from: key in before ? valueText(before[key], language) : undefined,
    to: valueText(after[key], language),
  }))
  const facts = Object.entries(details)
    .filter(([key]) => !toldElsewhere.includes(key))
    .map(([key, value]) => ({ name: fieldText(key, language), from: undefined, to: valueText(value, language) }))
  return [...changed, ...facts]
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function fieldText(key: string, language: Language): string {
  return (speak(auditFields, language) as Readonly<Record<string, string>>)[key] ?? key
}

function valueText(value: unknown, language: Language): string {
  const words = speak(auditMessages, language)
  if (value === true) return words.on
  if (value === false) return words.off
  if (value === null || value === undefined || value === "") return words.nothing
  if (Array.isArray(value)) {
    return value.length === 0 ? words.nothing : value.map((item) => valueText(item, language)).join("; ")
  }
  if (typeof value === "object") return JSON.stringify(value)
  const text = String(value)
  if (text === "all") return words.all
  return knownText(text, language)
}

function knownText(text: string, language: Language): string {
  const known: Readonly<Record<string, string>> = {
    ...speak(scopeMessages, language),
    ...speak(modeMessages, language),
    ...speak(auditFields, language),
    ...speak(auditValues, language),
    ...speak(permissionMessages, language),
    ...speak(appStateMessages, language),
  }
  return Object.hasOwn(known, text) ? (known[text] ?? text) : text
}
