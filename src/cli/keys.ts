import type { Instant } from "../clock.ts"
import { confirmOnTerminal } from "./ask-confirmation.ts"
import type { Command } from "./command.ts"
import { formatTable } from "./table.ts"
import { withDatabase } from "./with-database.ts"

/** `./sepay keys list`. */
export const keysList: Command = {
  name: "keys list",
  summary: "Lists signing keys, oldest first",
  options: {},
  run: async () => {
    const { listSigningKeys } = await import("../oauth/signing-key.ts")
    const keys = (await withDatabase(({ db }) => listSigningKeys(db))).map((key) => ({
      kid: key.kid,
      algorithm: key.algorithm,
      state: key.state,
      created_at: toText(key.createdAt),
      activated_at: toText(key.activatedAt),
      retired_at: toText(key.retiredAt),
      burned_at: toText(key.burnedAt),
    }))
    const text = formatTable(
      ["KID", "ALGORITHM", "STATE", "CREATED", "SIGNS SINCE", "RETIRED", "BURNED"],
      keys.map((key) => Object.values(key)),
      "No signing keys yet: the first start of ./sepay serve makes one.",
    )
    return { json: { keys }, text }
  },
}

/** `./sepay keys rotate`. */
export const keysRotate: Command = {
  name: "keys rotate",
  summary: "Publishes the next signing key or, 24 hours later, lets it sign",
  options: {},
  run: async () => {
    const { rotateSigningKeys } = await import("../oauth/signing-key.ts")
    const result = await withDatabase(({ config, db, clock }) => rotateSigningKeys(db, config.keyring, clock.now()))
    if (result.kind === "published") {
      const signsFrom = toText(result.signsFrom)
      return {
        json: { result: "published", kid: result.kid, signs_from: signsFrom },
        text: `Published ${result.kid}. It may sign from ${signsFrom} on: run ./sepay keys rotate again then.`,
      }
    }
    const retired = result.retiredKid ?? null
    return {
      json: { result: "rotated", kid: result.kid, retired_kid: retired },
      text: `${result.kid} signs now${retired === null ? "" : `; ${retired} stays published for its last tokens`}.`,
    }
  },
}

/** `./sepay keys burn`. */
export const keysBurn: Command = {
  name: "keys burn",
  summary: "Ends a signing key in an emergency: what it signed fails at once",
  positionals: [{ value: "KID", help: "of the key, see ./sepay keys list" }],
  options: { yes: { kind: "flag", help: "Does not ask first; a script is never asked" } },
  examples: ["./sepay keys burn 2Zx0PdL4sVb91KtYe7Qm --yes"],
  run: async (input) => {
    const kid = input.positional(0)
    if (!input.flag("yes")) {
      await confirmOnTerminal("Every access token that this key signed fails at once, everywhere.", "burn")
    }
    const { burnSigningKey } = await import("../oauth/signing-key.ts")
    const fresh = await withDatabase(({ config, db, clock }) => burnSigningKey(db, config.keyring, kid, clock.now()))
    return {
      json: { burned_kid: kid, new_kid: fresh ?? null },
      text: fresh === undefined ? `Burned ${kid}.` : `Burned ${kid}; the new key ${fresh} signs now.`,
    }
  },
}

function toText(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString()
}
