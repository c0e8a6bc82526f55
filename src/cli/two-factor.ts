import { Refusal } from "../refusal.ts"
import type { Command } from "./command.ts"
import { tellByMail } from "./tell-by-mail.ts"
import { withDatabase } from "./with-database.ts"

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
    const { securityMail } = await import("../identity/security-mail.ts")
    const { id, told } = await withDatabase(async (context) => {
      const { config, clock, db } = context
      const user = await findUser(db, { email })
      if (user === undefined) throw new Refusal("not_found", `There is no user with the e-mail ${email}.`)
      if (!(await switchOffByOperator(db, user, clock.now()))) return { id: user.id, told: undefined }
      // Whoever talked the operator into this may not be the owner.
      const news = { event: "second_factor_off_by_operator", at: clock.now() } as const
      return { id: user.id, told: await tellByMail(context, [securityMail(config.url, user, news)], input) }
    })
    const wasOn = told !== undefined
    const text = wasOn
      ? `User ${id} signs in by password alone from now on, and ${told.failed === 0 ? "was" : "could not be"} told so by mail.`
      : `User ${id} had no two-step sign-in: nothing changed.`
    return { json: { id, was_on: wasOn }, text }
  },
}
