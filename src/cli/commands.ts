import type { Command } from "./command.ts"

/** A command as `--help` lists it; the rest of it is loaded when it is called. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  load(): Promise<Command>
}

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  entry("serve", "Runs the platform until SIGTERM or Ctrl-C", async () => (await import("./serve.ts")).serve),
  entry(
    "demo",
    "Shows the platform alive: a demo company, two accounts, money arriving",
    async () => (await import("./demo.ts")).demo,
  ),
  entry(
    "worker",
    "Delivers webhooks without serving HTTP, on as many nodes as wished",
    async () => (await import("./worker.ts")).worker,
  ),
  entry("migrate", "Brings the database to this version", async () => (await import("./migrate.ts")).migrate),
  entry(
    "user create",
    "Creates a user, and the company with the first one",
    async () => (await import("./user.ts")).userCreate,
  ),
  entry("user list", "Lists users", async () => (await import("./user.ts")).userList),
  entry(
    "user password",
    "Gives a user a new password and signs them out everywhere",
    async () => (await import("./user.ts")).userPassword,
  ),
  entry(
    "user two-factor off",
    "Switches off the two-step sign-in of a user who lost app and recovery codes",
    async () => (await import("./two-factor.ts")).userTwoFactorOff,
  ),
  entry("company list", "Lists companies", async () => (await import("./user.ts")).companyList),
  entry("app create", "Registers an app that merchants may connect", async () => (await import("./app.ts")).appCreate),
  entry("app list", "Lists apps, newest first", async () => (await import("./app.ts")).appList),
  entry(
    "app approve",
    "Lets every merchant connect an app; also ends a suspension",
    async () => (await import("./app.ts")).appApprove,
  ),
  entry(
    "app suspend",
    "Stops an app: nobody can connect it, and its tokens fail",
    async () => (await import("./app.ts")).appSuspend,
  ),
  entry(
    "app secret rotate",
    "Gives an app a new secret, and the old one an end",
    async () => (await import("./app.ts")).appSecretRotate,
  ),
  entry(
    "account create",
    "Links a bank account to a company",
    async () => (await import("./account.ts")).accountCreate,
  ),
  entry("account list", "Lists bank accounts", async () => (await import("./account.ts")).accountList),
  entry(
    "sub-account create",
    "Adds a virtual account to a bank account",
    async () => (await import("./account.ts")).subAccountCreate,
  ),
  entry(
    "import",
    "Imports a bank statement: all of its lines, or none",
    async () => (await import("./import.ts")).importFile,
  ),
  entry(
    "feed create",
    "Makes a source of transactions, with the secret that signs its calls",
    async () => (await import("./feed.ts")).feedCreate,
  ),
  entry("feed list", "Lists feeds", async () => (await import("./feed.ts")).feedList),
  entry(
    "simulate",
    "Records transactions of a test account as a bank would send them",
    async () => (await import("./simulate.ts")).simulate,
  ),
  entry("webhook list", "Lists webhooks", async () => (await import("./webhook.ts")).webhookList),
  entry(
    "webhook log",
    "Lists the calls of a webhook, newest first, or shows one in full",
    async () => (await import("./webhook-log.ts")).webhookLog,
  ),
  entry(
    "webhook replay",
    "Makes deliveries again: chosen ones, or all that did not arrive in a time window",
    async () => (await import("./webhook-replay.ts")).webhookReplay,
  ),
  entry(
    "webhook test",
    "Sends a test to a webhook from this machine, at once, and shows the answer",
    async () => (await import("./webhook.ts")).webhookTest,
  ),
  entry(
    "webhook explain",
    "Tells why a webhook heard of a transaction, or did not",
    async () => (await import("./webhook.ts")).webhookExplain,
  ),
  entry(
    "listen",
    "Brings a copy of each delivery of your test webhooks to this machine, until Ctrl-C",
    async () => (await import("./listen.ts")).listen,
  ),
  entry("keys list", "Lists signing keys, oldest first", async () => (await import("./keys.ts")).keysList),
  entry(
    "keys rotate",
    "Publishes the next signing key or, 24 hours later, lets it sign",
    async () => (await import("./keys.ts")).keysRotate,
  ),
  entry(
    "keys burn",
    "Ends a signing key in an emergency: what it signed fails at once",
    async () => (await import("./keys.ts")).keysBurn,
  ),
  entry(
    "backup",
    "Makes a consistent copy while the platform runs (SQLite), or tells how (PostgreSQL)",
    async () => (await import("./backup.ts")).backup,
  ),
  entry(
    "doctor",
    "Checks configuration, database, disk, clock and keys",
    async () => (await import("./doctor.ts")).doctor,
  ),
]

function entry(name: string, summary: string, load: () => Promise<Command>): CommandEntry {
  return { name, summary, load }
}
