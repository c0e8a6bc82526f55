import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { verifyPassword } from "../../src/crypto/passwords.ts"
import { lastAccessChange, listAccessChanges } from "../../src/database/access-changes.ts"
import type { Database } from "../../src/database/engine.ts"
import { transaction } from "../../src/database/engine.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { listAuditEntries } from "../../src/identity/audit-log.ts"
import {
  changeCompanySettings,
  closeCompany,
  createCompany,
  findCompany,
  listCompanies,
} from "../../src/identity/company.ts"
import { findPasswordProblem } from "../../src/identity/password-rule.ts"
import { closeUser, createUser, findUser, listUsers, setPassword } from "../../src/identity/user.ts"
import type { UserDraft } from "../../src/identity/user-draft.ts"
import { Refusal } from "../../src/refusal.ts"
import { makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"

const now = makeFakeClock().now()
const password = "mùa thu Hà Nội"

function refusal(reason: Refusal["reason"], ...fields: readonly string[]) {
  return (error: unknown) => {
    assert.ok(error instanceof Refusal)
    assert.equal(error.reason, reason)
    assert.deepEqual(Object.keys(error.details.errors ?? {}).sort(), [...fields].sort())
    return true
  }
}

onEachEngine((engine) => {
  let db: Database
  before(async () => {
    db = await openDatabase({ url: engine.databaseUrl() })
  })
  after(() => closeDatabase(db))

  describe("a new user", () => {
    it("of a new company administers it, and the company starts with the contract's settings", async () => {
      const seen: number[] = []
      const company = {
        fullName: " Công ty TNHH Mẫu ",
        shortName: "Mau Co",
        onCompanyCreated: async (_tx: unknown, id: number) => {
          seen.push(id)
        },
      }
      const made = await createUser(db, now, { email: "Lan@Mau.example", password, company, firstName: "Lan" })
      const user = await findUser(db, { email: "lan@mau.EXAMPLE " })
      assert.ok(user)
      assert.deepEqual({ id: user.id, companyId: user.companyId }, made)
      assert.deepEqual(
        [user.email, user.role, user.firstName, user.isActive],
        ["Lan@Mau.example", "SuperAdmin", "Lan", true],
      )
      assert.deepEqual(seen, [made.companyId])
      const found = await findCompany(db, made.companyId)
      assert.ok(found)
      assert.deepEqual(
        [found.fullName, found.shortName, found.subAccountsOn, found.paymentCodesOn, found.dataStorageDays],
        ["Công ty TNHH Mẫu", "Mau Co", true, true, 90],
      )
    })

    it("of a known company is a User with the permissions given", async () => {
      const companyId = await transaction(db, (tx) => createCompany(tx, now, { fullName: "Tiệm Hoa" }))
      const { id } = await createUser(db, now, {
        email: "hoa@tiem.example",
        password,
        company: { id: companyId },
        permissions: ["transaction.list", "bank_account.list", "transaction.list"],
      })
      const user = await findUser(db, { id })
      assert.equal(user?.role, "User")
      assert.deepEqual(user?.permissions, ["transaction.list", "bank_account.list"])
      assert.deepEqual(
        (await listUsers(db, { companyId })).map((each) => each.id),
        [id],
      )
    })

    it("is refused, field by field, and nothing is left of the company", async () => {
      const company = { fullName: "Không thành" }
      const good: UserDraft = { email: "moi@mau.example", password, company }
      const table: readonly [Partial<UserDraft>, Refusal["reason"], ...string[]][] = [
        [{ email: "no e-mail" }, "invalid", "email"],
        [{ email: `${"a".repeat(250)}@b.vn` }, "invalid", "email"],
        [{ password: "ngan" }, "invalid", "password"],
        [{ phone: "call me" }, "invalid", "phone"],
        [{ firstName: "two\nlines" }, "invalid", "first_name"],
        [{ role: "Boss" }, "invalid", "role"],
        [{ role: "User", permissions: ["transaction.erase"] }, "invalid", "permission"],
        [{ role: "Admin", permissions: ["transaction.list"] }, "invalid", "permission"],
        [{ email: "", password: "", role: "" }, "invalid", "email", "password", "role"],
        [{ company: { fullName: "  " } }, "invalid", "company"],
        [{ company: { id: 999_999 } }, "not_found", "company_id"],
        [{ email: "LAN@mau.example" }, "conflict", "email"],
      ]
      for (const [change, reason, ...fields] of table) {
        await assert.rejects(createUser(db, now, { ...good, ...change }), refusal(reason, ...fields))
      }
      assert.equal(
        (await listCompanies(db)).some((each) => each.fullName === company.fullName),
        false,
      )
    })

    it("gets an e-mail at most once, even of ten created at once", async () => {
      const attempts = Array.from({ length: 10 }, (_, index) =>
        createUser(db, now, {
          email: `Race@${index % 2 === 0 ? "x" : "X"}.example`,
          password,
          company: { fullName: "R" },
        }),
      )
      const results = await Promise.allSettled(attempts)
      assert.equal(results.filter((result) => result.status === "fulfilled").length, 1)
      for (const result of results) {
        if (result.status === "rejected") refusal("conflict", "email")(result.reason)
      }
    })
  })

  it("a password is set only by the rules, and only its hash is kept", async () => {
    const { id } = await createUser(db, now, { email: "doi@mau.example", password, company: { fullName: "Đổi" } })
    await assert.rejects(setPassword(db, now, id, "password123"), refusal("invalid", "password"))
    await assert.rejects(setPassword(db, now, 999_999, "một mật khẩu mới"), refusal("not_found"))
    await setPassword(db, now, id, "một mật khẩu mới")
    const row = await db.selectFrom("users").select("password_hash").where("id", "=", id).executeTakeFirstOrThrow()
    assert.equal(await verifyPassword("một mật khẩu mới", row.password_hash), true)
    assert.equal(await verifyPassword(password, row.password_hash), false)
  })

  it("settings of a company change one by one", async () => {
    const id = await transaction(db, (tx) => createCompany(tx, now, { fullName: "Cài đặt" }))
    await transaction(db, (tx) => changeCompanySettings(tx, id, { paymentCodesOn: false }))
    await transaction(db, (tx) => changeCompanySettings(tx, id, {}))
    const company = await findCompany(db, id)
    assert.deepEqual([company?.paymentCodesOn, company?.subAccountsOn], [false, true])
    await assert.rejects(
      transaction(db, (tx) => changeCompanySettings(tx, 999_999, { paymentCodesOn: false })),
      refusal("not_found"),
    )
  })

  it("what an operator does to people stands in their company's audit log", async () => {
    const made = await createUser(db, now, { email: "nk@mau.example", password, company: { fullName: "Nhật ký" } })
    await setPassword(db, now, made.id, "một mật khẩu mới")
    await closeUser(db, now, made.id)
    const { entries } = await listAuditEntries(db, { companyId: made.companyId }, { after: undefined, limit: 10 })
    assert.deepEqual(
      entries.toReversed().map(({ actor, action, subjectId }) => [actor.kind, action, subjectId]),
      [
        ["operator", "company.create", made.companyId],
        ["operator", "user.create", made.id],
        ["operator", "user.password_set", made.id],
        ["operator", "user.close", made.id],
      ],
    )
  })

  it("closing a user or a company is noted for whoever caches rights", async () => {
    const { id, companyId } = await createUser(db, now, {
      email: "x@mau.example",
      password,
      company: { fullName: "X" },
    })
    const before = await lastAccessChange(db)
    await closeUser(db, now, id)
    await closeCompany(db, now, companyId)
    assert.equal((await findUser(db, { id }))?.isActive, false)
    assert.equal((await findCompany(db, companyId))?.isActive, false)
    assert.deepEqual(
      (await listAccessChanges(db, before)).map(({ subject, subjectId }) => [subject, subjectId]),
      [
        ["user", String(id)],
        ["company", String(companyId)],
      ],
    )
    await assert.rejects(
      createUser(db, now, { email: "y@mau.example", password, company: { id: companyId } }),
      refusal("not_found", "company_id"),
    )
  })
})

describe("the password rule", () => {
  it("takes any ten characters that are not easy to guess", () => {
    for (const good of [password, "correct horse", "🐉🐉🐉🐉🐉 rồng", "          x"]) {
      assert.equal(findPasswordProblem(good, "lan@mau.example"), undefined, good)
    }
    for (const bad of [
      "ngắn quá",
      "🐉🐉🐉🐉🐉",
      "PASSWORD123",
      "matkhau123",
      "aaaaaaaaaaaa",
      "abcdefghijklm",
      "9876543210",
      "lan@mau.example",
      "LAN@MAU.EXAMPLE",
      "x".repeat(500) + "y".repeat(501),
    ]) {
      assert.equal(typeof findPasswordProblem(bad, "lan@mau.example"), "string", bad)
    }
    assert.equal(typeof findPasswordProblem("long.local.part", "long.local.part@mau.example"), "string")
  })
})
