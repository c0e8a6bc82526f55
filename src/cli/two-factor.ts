import { Refusal } from "../refusal.ts"
import type { Command } from "./command.ts"
import { withDatabase } from "./with-database.ts"

const mailWithinMs = 15_000

/** `./sepay user two-factor off`. */
export const userTwoFactorOff: Command = {
  name: "user two-factor off",
  summary: "Switches off the two-step sign-in of a user who lost app and recovery codes",
  options: {
    email: { kind: "text", value: "EMAIL", help: "Whose; make sure that it is them who asks", required: true },
  },
  examples: ["./sepay user two-factor off --email an@shop.example"],
  run: async (input) => {
    const email = input.requiredText("email")
    const { findUser } = await import("../identity/user.ts")
    const { switchOffByOperator } = await import("../identity/second-factor.ts")
    const { warnOwner } = await import("../identity/security-mail.ts")
    const { createMailer } = await import("../mail.ts")
    const { createLog } = await import("../log.ts")
    const { id, wasOn } = await withDatabase(async ({ config, clock, db }) => {
      const user = await findUser(db, { email })
      if (user === undefined) throw new Refusal("not_found", `There is no user with the e-mail ${email}.`)
      const wasOn = await switchOffByOperator(db, user, clock.now())
      if (wasOn) {
        // Whoever talked the operator into this may not be the owner.
        const mail = createMailer({ config, clock, log: createLog("silent") })
        const news = { event: "second_factor_off_by_operator", at: clock.now() } as const
        warnOwner({ mail, url: config.url }, user, news)
        await mail.close(mailWithinMs)
      }
      return { id: user.id, wasOn }
    })
    const text = wasOn
      ? `User ${id} signs in by password alone from now on, and was told so by mail.`
      : `User ${id} had no two-step sign-in: nothing changed.`
    return { json: { id, was_on: wasOn }, text }
  },
}
