import type { DecisionTaken } from "../oauth/review-client.ts"
import type { Command, Input } from "./command.ts"
import { formatTable } from "./table.ts"
import { type Told, tellByMail, toldText } from "./tell-by-mail.ts"
import { type CommandContext, withDatabase } from "./with-database.ts"

/** `./sepay app create`. */
export const appCreate: Command = {
  name: "app create",
  summary: "Registers an app that merchants may connect",
  options: {
    name: { kind: "text", value: "NAME", help: "As merchants see it", required: true },
    "owner-email": { kind: "text", value: "EMAIL", help: "The user who owns it", required: true },
    "redirect-uri": {
      kind: "text",
      value: "URI",
      help: "Where the code is sent",
      required: true,
      repeated: true,
    },
    scope: { kind: "text", value: '"A B"', help: "Scopes it needs, separated by spaces", required: true },
    "optional-scope": { kind: "text", value: '"C"', help: "Scopes the merchant may leave out" },
    profile: { kind: "text", value: "PROFILE", help: "sepay if absent", choices: ["sepay", "oauth21", "fapi2"] },
    public: { kind: "flag", help: "Has no secret (a mobile or browser app)" },
    "legacy-token-errors": { kind: "flag", help: "Answers 401 as SePay's first version did" },
    approve: { kind: "flag", help: "Approved at once, as an operator would" },
  },
  examples: [
    './sepay app create --name Shop --owner-email an@shop.example --redirect-uri http://localhost:4000/callback --scope "profile bank-account:read transaction:read" --approve',
  ],
  run: async (input) => {
    const { registerClient } = await import("../oauth/client.ts")
    const optionalScope = input.text("optional-scope")
    const profile = input.text("profile")
    const { clientId, clientSecret } = await withDatabase(({ config, db, clock }) =>
      registerClient(db, config.keyring, clock.now(), {
        name: input.requiredText("name"),
        ownerEmail: input.requiredText("owner-email"),
        redirectUris: input.texts("redirect-uri"),
        scope: input.requiredText("scope"),
        ...(optionalScope !== undefined && { optionalScope }),
        ...(profile !== undefined && { profile }),
        isPublic: input.flag("public"),
        legacyTokenErrors: input.flag("legacy-token-errors"),
        approve: input.flag("approve"),
      }),
    )
    const secretLine =
      clientSecret === null ? "A public client: no secret." : `client_secret  ${clientSecret}  (shown only this once)`
    const approval = input.flag("approve") ? [] : [`A draft until: ./sepay app approve ${clientId}`]
    return {
      json: { client_id: clientId, client_secret: clientSecret },
      text: [`client_id      ${clientId}`, secretLine, ...approval].join("\n"),
    }
  },
}

/** `./sepay app list`. */
export const appList: Command = {
  name: "app list",
  summary: "Lists apps, newest first",
  options: {},
  run: async () => {
    const { listClients } = await import("../oauth/client.ts")
    const apps = await withDatabase(({ db }) => listClients(db))
    const text = formatTable(
      ["CLIENT_ID", "NAME", "COMPANY", "PROFILE", "TYPE", "STATE"],
      apps.map((app) => [app.client_id, app.name, app.company_id, app.profile, app.client_type, app.state]),
      "No apps yet: ./sepay app create --help",
    )
    return { json: { apps }, text }
  },
}

const approved = {
  app: "is approved.",
  changes: "is approved with its pending changes.",
  suspension: "is no longer suspended.",
  nothing: "was approved already, and nothing was pending.",
} as const

/** `./sepay app approve`. */
export const appApprove: Command = {
  name: "app approve",
  summary: "Lets every merchant connect an app; also ends a suspension",
  positionals: [{ value: "CLIENT_ID", help: "of the app" }],
  options: {},
  run: async (input) => {
    const clientId = input.positional(0)
    const { approveClient } = await import("../oauth/client.ts")
    const { about, told } = await withDatabase(async (context) => {
      const { about, decided } = await approveClient(context.db, clientId, context.clock.now())
      return { about, told: decided && (await tellOwner(context, decided, input)) }
    })
    const text = `${clientId} ${approved[about]}`
    return {
      json: { client_id: clientId, state: "approved", approved: about, mails_sent: told?.sent ?? 0 },
      text: told === undefined ? text : `${text} ${toldText(told)}`,
    }
  },
}

/** `./sepay app suspend`. */
export const appSuspend: Command = {
  name: "app suspend",
  summary: "Stops an app: nobody can connect it, and its tokens fail",
  positionals: [{ value: "CLIENT_ID", help: "of the app" }],
  options: {
    reason: { kind: "text", value: "REASON", help: "Shown to the app's owner", required: true },
  },
  run: async (input) => {
    const clientId = input.positional(0)
    const { suspendClient } = await import("../oauth/client.ts")
    const told = await withDatabase(async (context) => {
      const reason = input.requiredText("reason")
      return tellOwner(context, await suspendClient(context.db, clientId, reason, context.clock.now()), input)
    })
    return {
      json: { client_id: clientId, state: "suspended", mails_sent: told.sent },
      text: `${clientId} is suspended. ${toldText(told)}`,
    }
  },
}

// What the operator's pages write too. The decision holds whatever becomes of the mails.
async function tellOwner(context: CommandContext, decided: DecisionTaken, input: Input): Promise<Told> {
  const { writeDecisionMails } = await import("../oauth/app-mails.ts")
  const mails = await writeDecisionMails(context.db, context.config.url, decided)
  return tellByMail(context, mails, input)
}

/** `./sepay app secret rotate`. */
export const appSecretRotate: Command = {
  name: "app secret rotate",
  summary: "Gives an app a new secret, and the old one an end",
  positionals: [{ value: "CLIENT_ID", help: "of the app" }],
  options: {
    "old-expires-in": {
      kind: "number",
      value: "SECONDS",
      help: "How long the old secret still works: 0 (the default) ends it now, else 3600 or more",
      least: 0,
      most: 7_776_000,
    },
  },
  run: async (input) => {
    const clientId = input.positional(0)
    const { rotateClientSecret } = await import("../oauth/client-secret.ts")
    const clientSecret = await withDatabase(({ config, db, clock }) =>
      rotateClientSecret(db, config.keyring, clientId, input.number("old-expires-in") ?? 0, clock.now()),
    )
    return {
      json: { client_id: clientId, client_secret: clientSecret },
      text: `client_secret  ${clientSecret}  (shown only this once)`,
    }
  },
}
