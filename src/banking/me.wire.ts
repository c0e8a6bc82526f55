import { z } from "zod"
import { idValue, oneAnswer } from "../http/api-values.wire.ts"
import type { User } from "../identity/user.ts"

const meBody = z.strictObject({
  id: idValue,
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
  phone: z.string(),
  avatar: z.url(),
})

/** Answer of contract/api.md §9. */
export const meAnswer = oneAnswer(meBody)

/** `emailDigest` is the MD5 hex of the trimmed lower-case e-mail, which is how Gravatar knows people. */
export function toMeBody(user: User, emailDigest: string): z.infer<typeof meBody> {
  return {
    id: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email,
    phone: user.phone,
    avatar: `https://www.gravatar.com/avatar/${emailDigest}`,
  }
}
