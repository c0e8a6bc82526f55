import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { makeTemporaryDirectory } from "./temporary-directory.ts"

const importing = (...targets: string[]): string => targets.map((target) => `import "${target}"\n`).join("")

const BROKEN_PROJECT: Readonly<Record<string, string>> = {
  "src/cli.ts": importing("./main.ts"),
  "src/main.ts": importing("./cli/serve.ts", "./oauth/tokens.store.ts"),
  "src/cli/serve.ts": "export const serve = 1\n",
  "src/app.ts": importing("./main.ts"),
  "src/portal/overview.page.ts": importing("node:fs", "kysely", "../app.ts"),
  "src/feeds/ingest.ts": importing("../portal/overview.page.ts"),
  "src/banking/bank.ts": importing("../feeds/ingest.ts", "../oauth/tokens.store.ts", "kysely"),
  "src/banking/bank.wire.ts": importing("./bank.ts", "kysely"),
  "src/webhooks/deliver.ts": importing("../banking/bank.ts", "node:sqlite", "undici", "node:tls"),
  "src/oauth/token.routes.ts": importing("./tokens.store.ts", "../webhooks/deliver.ts"),
  "src/oauth/tokens.store.ts": importing("../log.ts", "fastify"),
  "src/oauth/protocol.ts": importing("../log.ts"),
  "src/identity/user.ts": importing("../oauth/protocol.ts", "node:http", "./missing.ts", "../http/html.ts"),
  "src/money.ts": importing("./identity/user.ts", "../test/make.ts", "nodemailer"),
  "src/http/html.ts": "export const html = 1\n",
  "src/log.ts": "export const log = 1\n",
  "src/lonely.ts": "export const lonely = 1\n",
  "src/vietnam-time.ts": `import type { Clock } from "./clock.ts"\nexport type Time = Clock\n`,
  "src/clock.ts": `import type { Time } from "./vietnam-time.ts"\nexport type Clock = Time\n`,
  "test/make.ts": "export const make = 1\n",
  "package.json": `{ "type": "module", "dependencies": { "kysely": "1", "fastify": "1", "undici": "1", "nodemailer": "1" } }`,
  "node_modules/kysely/package.json": `{ "name": "kysely", "main": "index.js" }`,
  "node_modules/kysely/index.js": "",
  "node_modules/undici/package.json": `{ "name": "undici", "main": "index.js" }`,
  "node_modules/undici/index.js": "",
  "node_modules/nodemailer/package.json": `{ "name": "nodemailer", "main": "index.js" }`,
  "node_modules/nodemailer/index.js": "",
  "node_modules/fastify/package.json": `{ "name": "fastify", "main": "index.js" }`,
  "node_modules/fastify/index.js": "",
}

/** What the import rules must find in the broken project, and nothing else: `rule: from → to`, sorted. */
export const BREACHES: readonly string[] = [
  "SQL stands outside stores and database/: src/banking/bank.ts → node_modules/kysely/index.js",
  "SQL stands outside stores and database/: src/banking/bank.wire.ts → node_modules/kysely/index.js",
  "SQL stands outside stores and database/: src/portal/overview.page.ts → node_modules/kysely/index.js",
  "SQL stands outside stores and database/: src/webhooks/deliver.ts → node:sqlite",
  "a connection is opened outside outbound/: src/identity/user.ts → http",
  "a connection is opened outside outbound/: src/webhooks/deliver.ts → node_modules/undici/index.js",
  "a connection is opened outside outbound/: src/webhooks/deliver.ts → tls",
  "a page or a wire shape is not pure: src/banking/bank.wire.ts → node_modules/kysely/index.js",
  "a page or a wire shape is not pure: src/banking/bank.wire.ts → src/banking/bank.ts",
  "a page or a wire shape is not pure: src/portal/overview.page.ts → fs",
  "a page or a wire shape is not pure: src/portal/overview.page.ts → node_modules/kysely/index.js",
  "a page or a wire shape is not pure: src/portal/overview.page.ts → src/app.ts",
  "a route or a hook imports a store: src/oauth/token.routes.ts → src/oauth/tokens.store.ts",
  "a store calls more than database, ids, money and clock: src/oauth/tokens.store.ts → node_modules/fastify/index.js",
  "a store calls more than database, ids, money and clock: src/oauth/tokens.store.ts → src/log.ts",
  "a store is used outside its part: src/banking/bank.ts → src/oauth/tokens.store.ts",
  "a store is used outside its part: src/main.ts → src/oauth/tokens.store.ts",
  "an import cycle: src/clock.ts → src/vietnam-time.ts",
  "an import that does not resolve: src/identity/user.ts → ./missing.ts",
  "an operation, a rule or a store knows HTTP: src/feeds/ingest.ts → src/portal/overview.page.ts",
  "an operation, a rule or a store knows HTTP: src/identity/user.ts → http",
  "an operation, a rule or a store knows HTTP: src/identity/user.ts → src/http/html.ts",
  "an operation, a rule or a store knows HTTP: src/oauth/tokens.store.ts → node_modules/fastify/index.js",
  "an orphan: src/lonely.ts → src/lonely.ts",
  "app imports what is above it: src/app.ts → src/main.ts",
  "banking imports what is above it: src/banking/bank.ts → src/feeds/ingest.ts",
  "feeds imports what is above it: src/feeds/ingest.ts → src/portal/overview.page.ts",
  "identity imports what is above it: src/identity/user.ts → src/oauth/protocol.ts",
  "mail is sent outside mail-smtp.ts: src/money.ts → node_modules/nodemailer/index.js",
  "main imports what is above it: src/main.ts → src/cli/serve.ts",
  "oauth imports what is above it: src/oauth/token.routes.ts → src/webhooks/deliver.ts",
  "portal imports what is above it: src/portal/overview.page.ts → src/app.ts",
  "protocol.ts imports something: src/oauth/protocol.ts → src/log.ts",
  "src imports test code: src/money.ts → test/make.ts",
  "the ground floor imports a part: src/money.ts → src/identity/user.ts",
  "webhooks imports what is above it: src/webhooks/deliver.ts → src/banking/bank.ts",
]

/** Writes a small project that breaks every import rule, and returns its folder. */
export function writeBrokenProject(): string {
  const directory = makeTemporaryDirectory()
  for (const [path, content] of Object.entries(BROKEN_PROJECT)) {
    mkdirSync(join(directory, dirname(path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
  return directory
}
