import { crc32, deflateSync } from "node:zlib"
import type { Permission } from "../../src/identity/permission.ts"
import { createUser } from "../../src/identity/user.ts"
import type { FormFields } from "../support/http.ts"
import type { OAuthSite, TestUser } from "../support/oauth-site.ts"

let people = 0

/** Creates an operator in a company of his own, or a User with these permissions alone in the company given. */
export async function addPerson(
  site: OAuthSite,
  person: { readonly operator?: true; readonly companyId?: number; readonly permissions?: readonly Permission[] },
): Promise<TestUser> {
  const { db, clock } = site.app.context
  const { operator = false, companyId, permissions = [] } = person
  const email = `person-${process.pid}-${++people}@desk.example`
  const password = "mot mat khau that dai 2026"
  const created = await createUser(db, clock.now(), {
    email,
    password,
    company: companyId === undefined ? { fullName: "The operator" } : { id: companyId },
    role: operator ? "SuperAdmin" : "User",
    permissions,
    isOperator: operator,
  })
  return { ...created, email, password }
}

/** What somebody types who registers an app and makes no mistake. */
export const rightForm: FormFields = {
  name: "Kho hàng",
  description: "Đối soát đơn hàng với giao dịch.",
  website: "https://shop.example",
  redirect_uris: "https://shop.example/callback",
  "scope.transaction:read": "required",
  "scope.profile": "optional",
  profile: "sepay",
  client_type: "confidential",
}

/** A PNG of one colour, as small as can be. */
export function aPng(width: number, height: number, shade = 120): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc(height * (width + 1), shade)
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ])
}
