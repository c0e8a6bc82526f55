import type { Instant } from "../../clock.ts"
import type { AuditActor, AuditFilter, AuditPosition } from "../../identity/audit-log.ts"
import { auditGroups } from "../../messages/audit.ts"
import { dayBounds, parseDay } from "../../vietnam-time.ts"

/** The filter as it was typed; what was not sent is empty. */
export interface TypedFilter {
  /** `user:12`, or a kind of actor. */
  readonly who: string
  readonly group: string
  readonly from: string
  readonly to: string
  /** Operators only. */
  readonly company: string
}

/** What is wrong with a field of it. */
export type FilterProblems = Readonly<Partial<Record<"from" | "to" | "company", "bad_day" | "reversed" | "bad_id">>>

/** A filter that was read. */
export interface ReadFilter {
  readonly typed: TypedFilter
  readonly filter: AuditFilter
  readonly problems: FilterProblems
  readonly isNarrowed: boolean
}

const kinds: readonly AuditActor["kind"][] = ["user", "client", "operator", "system"]
const idPattern = /^[1-9][0-9]{0,15}$/

/** Reads the query of an audit page. Pure. */
export function readAuditFilter(query: Readonly<Record<string, unknown>>): ReadFilter {
  const text = (name: string) => {
    const value = query[name]
    return typeof value === "string" ? value.trim().slice(0, 100) : ""
  }
  const typed = {
    who: text("who"),
    group: text("group"),
    from: text("from"),
    to: text("to"),
    company: text("company"),
  }
  const [from, to] = [parseDay(typed.from), parseDay(typed.to)]
  const problems: Record<string, "bad_day" | "reversed" | "bad_id"> = {}
  if (typed.from !== "" && from === undefined) problems["from"] = "bad_day"
  if (typed.to !== "" && to === undefined) problems["to"] = "bad_day"
  if (from !== undefined && to !== undefined && to < from) problems["to"] = "reversed"
  if (typed.company !== "" && typed.company !== "0" && !idPattern.test(typed.company)) problems["company"] = "bad_id"
  return {
    typed,
    filter: {
      actor: readActor(typed.who),
      subject: Object.hasOwn(auditGroups, typed.group) ? typed.group : undefined,
      fromAt: from === undefined ? undefined : dayBounds(from).startAt,
      beforeAt: to === undefined ? undefined : dayBounds(to).endAt,
      companyId: typed.company === "" ? undefined : Number(typed.company),
    },
    problems,
    isNarrowed: Object.values(typed).some((value) => value !== ""),
  }
}

function readActor(who: string): AuditFilter["actor"] {
  const [kind, id] = who.split(":")
  if (kind === "user" && id !== undefined && idPattern.test(id)) return { kind, id: Number(id) }
  return kinds.includes(who as AuditActor["kind"]) ? { kind: who as AuditActor["kind"] } : undefined
}

/** The query that shows the same again. Pure. */
export function filterQuery(typed: TypedFilter): URLSearchParams {
  return new URLSearchParams(Object.entries(typed).filter(([, value]) => value !== ""))
}

/** A position as it stands in an address, and back; undefined when there is none, or none that we made. Pure. */
export function positionText({ at, id }: AuditPosition): string {
  return `${at}-${id}`
}

export function readPosition(text: unknown): AuditPosition | undefined {
  const match = typeof text === "string" ? /^([0-9]{1,15})-([0-9]{1,15})$/.exec(text) : null
  return match === null ? undefined : { at: Number(match[1]) as Instant, id: Number(match[2]) }
}
