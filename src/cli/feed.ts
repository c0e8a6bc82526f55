import type { CompanyId } from "../ids.ts"
import type { Command } from "./command.ts"
import { formatTable } from "./table.ts"
import { withDatabase } from "./with-database.ts"

const mostId = Number.MAX_SAFE_INTEGER

/** `./sepay feed create`. */
export const feedCreate: Command = {
  name: "feed create",
  summary: "Makes a source of transactions, with the secret that signs its calls",
  options: {
    "company-id": { kind: "number", value: "N", help: "Whose money it sees", required: true, least: 1, most: mostId },
    name: { kind: "text", value: "NAME", help: "What the company calls it", required: true },
    kind: { kind: "text", value: "KIND", help: "push if absent", choices: ["push", "simulator"] },
    test: { kind: "flag", help: "For test accounts; a simulator always is" },
  },
  run: async (input) => {
    const { createFeed } = await import("../feeds/feed.ts")
    const kind = input.text("kind") === "simulator" ? "simulator" : "push"
    const { id, secret } = await withDatabase(({ config, db, clock }) =>
      createFeed(db, clock.now(), config.keyring, {
        companyId: input.requiredNumber("company-id") as CompanyId,
        name: input.requiredText("name"),
        kind,
        test: input.flag("test"),
      }),
    )
    return { json: { id, secret }, text: `id      ${id}\nsecret  ${secret}  (shown only this once)` }
  },
}

/** `./sepay feed list`. */
export const feedList: Command = {
  name: "feed list",
  summary: "Lists feeds",
  options: {
    "company-id": { kind: "number", value: "N", help: "Only of this company", least: 1, most: mostId },
  },
  run: async (input) => {
    const { listFeeds } = await import("../feeds/feed.ts")
    const companyId = input.number("company-id") as CompanyId | undefined
    const feeds = (await withDatabase(({ db }) => listFeeds(db, companyId))).map((feed) => ({
      id: feed.id,
      company_id: feed.companyId,
      kind: feed.kind,
      name: feed.name,
      mode: feed.mode,
      active: feed.active,
      last_seen_at: feed.lastSeenAt === null ? null : new Date(feed.lastSeenAt).toISOString(),
    }))
    const text = formatTable(
      ["ID", "COMPANY", "KIND", "NAME", "MODE", "STATUS", "LAST SEEN"],
      feeds.map(({ id, company_id, kind, name, mode, active, last_seen_at }) => {
        return [id, company_id, kind, name, mode, active ? "on" : "off", last_seen_at]
      }),
      "No feeds yet: ./sepay feed create --help",
    )
    return { json: { feeds }, text }
  },
}
