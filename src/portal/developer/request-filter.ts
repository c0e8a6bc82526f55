import type { RequestCursor, RequestFilter } from "../../oauth/client-requests.ts"
import { dayBounds, parseDay } from "../../vietnam-time.ts"

/** The fields of the filter as they were sent, to be shown again. */
export interface FilterFields {
  readonly endpoint: string
  readonly outcome: string
  readonly error: string
  readonly from: string
  readonly to: string
  readonly request_id: string
}

/** What a query of the request log asks for; a field that cannot be read is a problem and filters nothing. */
export interface AskedRequests {
  readonly fields: FilterFields
  readonly filter: RequestFilter
  readonly before: RequestCursor | undefined
  readonly problems: Readonly<Partial<Record<"from" | "to" | "request_id", "day" | "reversed" | "requestId">>>
  /** Whether any field filters. */
  readonly filters: boolean
}

const requestIdShape = /^[A-Za-z0-9._-]{1,128}$/
const cursorShape = /^([0-9]{1,15})-([0-9]{1,15})$/
const longestField = 200

/** Reads the query of the request log. Pure. */
export function readRequestFilter(query: Readonly<Record<string, unknown>>): AskedRequests {
  const text = (name: string): string => {
    const value = query[name]
    return typeof value === "string" ? value.trim().slice(0, longestField) : ""
  }
  const fields = {
    endpoint: text("endpoint"),
    outcome: text("outcome"),
    error: text("error"),
    from: text("from"),
    to: text("to"),
    request_id: text("request_id"),
  }
  const [from, to] = [parseDay(fields.from), parseDay(fields.to)]
  const isReversed = from !== undefined && to !== undefined && to < from
  const knownId = requestIdShape.test(fields.request_id)
  const filter = {
    endpoint: fields.endpoint === "" ? undefined : storable(fields.endpoint),
    failedOnly: fields.outcome === "failed",
    error: fields.error === "" ? undefined : storable(fields.error),
    from: from === undefined ? undefined : dayBounds(from).startAt,
    until: to === undefined || isReversed ? undefined : dayBounds(to).endAt,
    requestId: knownId ? fields.request_id : undefined,
  }
  const [, at, id] = cursorShape.exec(text("before")) ?? []
  return {
    fields,
    filter,
    before: at === undefined ? undefined : { at: Number(at), id: Number(id) },
    problems: {
      ...(fields.from !== "" && from === undefined && { from: "day" as const }),
      ...(fields.to !== "" && to === undefined && { to: "day" as const }),
      ...(isReversed && { to: "reversed" as const }),
      ...(fields.request_id !== "" && !knownId && { request_id: "requestId" as const }),
    },
    filters: Object.values(fields).some((value) => value !== ""),
  }
}

/** The query that asks for the same again, from another place on. */
export function filterQuery(fields: FilterFields, before?: RequestCursor): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== "") query.set(name, value)
  if (before !== undefined) query.set("before", `${before.at}-${before.id}`)
  return query.toString()
}

// PostgreSQL takes no NUL in a text.
function storable(value: string): string {
  return value.replaceAll("\0", "")
}
