import type { IForbiddenRuleType, IRegularForbiddenRuleType } from "dependency-cruiser"

type Paths = { readonly path: string | string[]; readonly pathNot?: string[] }

/** The levels above the ground floor, highest first (docs/style.md §5). What stands in none of them is ground floor. */
const LEVELS: readonly (readonly [name: string, path: string])[] = [
  ["cli", "^src/cli(/|\\.ts$)"],
  ["main", "^src/(main|cluster|deliver-alone)\\.ts$"],
  ["app", "^src/(app|background)\\.ts$"],
  ["portal", "^src/portal/"],
  ["feeds", "^src/feeds/"],
  ["banking", "^src/banking/"],
  ["webhooks", "^src/webhooks/"],
  ["oauth", "^src/oauth/"],
  ["identity", "^src/identity/"],
]

/** The folders that `src` may have: the parts, the commands and the ground floor. */
export const SOURCE_FOLDERS: readonly string[] = [
  ...["cli", "portal", "feeds", "banking", "webhooks", "oauth", "identity"],
  ...["database", "crypto", "http", "outbound", "messages"],
]

/** Every import rule of docs/style.md §5, for dependency-cruiser, under names that say what is wrong. */
export function makeImportRules(): IForbiddenRuleType[] {
  return [...makeArrowRules(), ...httpRules, ...storeRules, ...pureRules, ...outboundRules, ...generalRules]
}

function makeArrowRules(): IForbiddenRuleType[] {
  const above = (index: number): Paths => ({ path: LEVELS.slice(0, index).map(([, path]) => path) })
  const rules = LEVELS.map(([name, path], index) => forbid(`${name} imports what is above it`, { path }, above(index)))
  const groundFloor = { path: "^src/", pathNot: LEVELS.map(([, path]) => path) }
  return [...rules.slice(1), forbid("the ground floor imports a part", groundFloor, above(LEVELS.length))]
}

function forbid(name: string, from: Paths, to: IRegularForbiddenRuleType["to"]): IForbiddenRuleType {
  return { name, severity: "error", from: { ...from }, to }
}

const ROUTES_AND_HOOKS = "\\.(routes|hook)\\.ts$"
const PAGES_AND_WIRE = "\\.(page|wire)\\.ts$"
const STORES = "\\.store\\.ts$"
const SURFACES = ["^src/http/", "^src/cli(/|\\.ts$)", "^src/(main|cluster|deliver-alone|app|background)\\.ts$"]

const httpRules: IForbiddenRuleType[] = [
  forbid(
    "an operation, a rule or a store knows HTTP",
    { path: "^src/", pathNot: [ROUTES_AND_HOOKS, PAGES_AND_WIRE, ...SURFACES] },
    {
      path: [
        "^src/http/",
        "^(node:)?(http|https|http2)$",
        "node_modules/(fastify|@fastify|fastify-[^/]+)/",
        ROUTES_AND_HOOKS,
        PAGES_AND_WIRE,
      ],
    },
  ),
]

const storeRules: IForbiddenRuleType[] = [
  forbid("a route or a hook imports a store", { path: ROUTES_AND_HOOKS }, { path: STORES }),
  forbid(
    "SQL stands outside stores and database/",
    { path: "^src/", pathNot: [STORES, "^src/database/"] },
    { path: ["node_modules/(kysely|pg)/", "^(node:)?sqlite$"] },
  ),
  forbid(
    "a store is used outside its part",
    { path: "^src/([^/]+)/" },
    { path: `^src/[^/]+/.*${STORES}`, pathNot: "^src/$1/" },
  ),
  forbid("a store is used outside its part", { path: "^src/[^/]+\\.ts$" }, { path: STORES }),
  forbid(
    "a store calls more than database, ids, money and clock",
    { path: STORES },
    {
      path: "^src/",
      pathNot: ["^src/database/", "^src/(ids|money|clock)\\.ts$"],
      dependencyTypesNot: ["type-only"],
    },
  ),
  forbid(
    "a store calls more than database, ids, money and clock",
    { path: STORES },
    { path: "node_modules/", pathNot: "node_modules/kysely/" },
  ),
]

const pureRules: IForbiddenRuleType[] = [
  forbid(
    "a page or a wire shape is not pure",
    { path: PAGES_AND_WIRE },
    {
      path: "^src/",
      pathNot: [
        "^src/http/(assets|html|html-template|pagination)\\.ts$",
        "^src/messages/",
        "^src/(money|vietnam-time|ids)\\.ts$",
        "^src/oauth/protocol\\.ts$",
        PAGES_AND_WIRE,
      ],
      dependencyTypesNot: ["type-only"],
    },
  ),
  forbid("a page or a wire shape is not pure", { path: PAGES_AND_WIRE }, { dependencyTypes: ["core"] }),
  forbid("a page or a wire shape is not pure", { path: "\\.page\\.ts$" }, { path: "node_modules/" }),
  forbid(
    "a page or a wire shape is not pure",
    { path: "\\.wire\\.ts$" },
    { path: "node_modules/", pathNot: "node_modules/zod/" },
  ),
]

// node:net is also how one listens and tells an address from a name: what connects by it, architecture.test.ts finds.
const outboundRules: IForbiddenRuleType[] = [
  forbid(
    "a connection is opened outside outbound/",
    { path: "^src/", pathNot: ["^src/outbound/"] },
    {
      path: ["node_modules/undici/", "^(node:)?(http|https|http2|tls|dgram|dns|dns/promises)$"],
      dependencyTypesNot: ["type-only"],
    },
  ),
  // Mail goes to the one server that the operator names, by a library that connects by itself.
  forbid(
    "mail is sent outside mail-smtp.ts",
    { path: "^src/", pathNot: ["^src/mail-smtp\\.ts$"] },
    { path: "node_modules/nodemailer/", dependencyTypesNot: ["type-only"] },
  ),
]

const generalRules: IForbiddenRuleType[] = [
  forbid("an import cycle", { path: "^src/" }, { circular: true }),
  {
    name: "an orphan",
    severity: "error",
    from: { orphan: true, path: "^src/.*\\.ts$" },
    to: {},
  },
  forbid("protocol.ts imports something", { path: "^src/oauth/protocol\\.ts$" }, { path: ".+" }),
  forbid("src imports test code", { path: "^src/" }, { path: "^(test|bench|examples|scripts)/" }),
  forbid("an import that does not resolve", { path: "^src/" }, { couldNotResolve: true }),
]
