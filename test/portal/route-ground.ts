import type { KnownRoute } from "../support/routes.ts"

// What anybody may ask for who is not signed in; each of these pages has its own test.
const forNobody =
  /^\/(|login|login\/second-factor|logout|docs|docs\/api|egress-ips|egress-ips\.json|signup|signup\/.*|verify-email|forgot-password|reset-password|confirm-email|invitation|oauth\/.*|developer\/try\/callback|\.well-known\/.*|app-logos\/.*|company\/closed)$/
// What every user of a company may do, whatever the permissions.
const forEveryone = /^\/(|dashboard|account(\/.*)?|connected-apps(\/.*)?|login\/switch)$/

/** Whom a page is for: whoever comes, every user of a company, operators, or who has a right within a company. */
export function audienceOf({ path }: KnownRoute): "nobody" | "everyone" | "operator" | "permitted" {
  if (forNobody.test(path)) return "nobody"
  if (forEveryone.test(path)) return "everyone"
  return path === "/operator" || path.startsWith("/operator/") ? "operator" : "permitted"
}

/** What the parameters of paths stand for. */
export interface RouteIds {
  readonly account: number
  readonly grant: number
  readonly client: string
  readonly user: number
  /** Whatever else a path names. */
  readonly other: number
}

/** Ids that nothing has. */
export const idsOfNothing: RouteIds = {
  account: 987_654,
  grant: 987_654,
  client: "client_00000000000000000000",
  user: 987_654,
  other: 987_654,
}

/** The address of a route for these ids. */
export function fillIn(path: string, ids: RouteIds): string {
  return path
    .replace(/\(\^[^)]*\)/g, "")
    .replace(/^(\/connected-apps\/):\w+/, `$1${ids.grant}`)
    .replace(/^(\/developer\/apps\/|\/operator\/apps\/):\w+/, `$1${ids.client}`)
    .replace(/^(\/bank-accounts\/):\w+/, `$1${ids.account}`)
    .replace(/^(\/company\/users\/):\w+/, `$1${ids.user}`)
    .replace(/:\w+/g, String(ids.other))
    .replace(/\*$/, "x")
}
