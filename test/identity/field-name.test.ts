import assert from "node:assert/strict"
import { before, describe, it } from "node:test"
import { isSecretName, isTypedName } from "../../src/identity/carried-form.ts"
import { fieldName } from "../../src/identity/field-name.page.ts"
import { columnNameMessages, fieldNameMessages } from "../../src/messages/field-names.ts"
import { scopeFieldName } from "../../src/portal/developer/app-form.wire.ts"
import { type FoundNames, findFieldNames } from "../support/field-names.ts"

const columnsPath = "/bank-accounts/1/import/2/columns"

// Pages whose forms only ask for a page by GET: nothing of them is ever sent again; and those whose `name` is no field's.
const askingPages =
  /\/(audit|directory-list|review-list|requests|transactions|delivery-log|webhook-list)\.page\.ts$|\/(timing-bar|api-reference)\.page\.ts$/
// Pages for whoever is not signed in: there is no session that could end.
const visitorPages = /\/(sign-in|sign-up|second-step|password-reset|invitation|link)\.page\.ts$/
// Forms that send a file are not carried, and their fields with them.
const fileNames = new Set(["file"])

describe("the words for fields of a form that is shown again", () => {
  let found: FoundNames
  before(async () => {
    found = await findFieldNames()
  })

  it("are looked for in all pages, and in what those make names of", () => {
    assert.ok(found.names.length > 300, `only ${found.names.length} fields were found`)
    const made = found.made
      .filter(({ file }) => !file.startsWith("src/http/"))
      .map(({ name }) => name.replaceAll(/[`${}]/g, ""))
    // A new one has its own way of being named: say it in `fieldFamilyMessages`, and here.
    assert.deepEqual(made.toSorted(), ["item.name", "scopeFieldName(scope)", "va_ids_id", "va_numbers_id", "vas_id"])
  })

  it("are there for every field that can be carried, in both languages", () => {
    const without = found.names.filter(({ name, file }) => {
      if (askingPages.test(file) || visitorPages.test(file)) return false
      if (fileNames.has(name) || isSecretName(name) || !isTypedName(name)) return false
      const path = file.endsWith("/import-columns.page.ts") ? columnsPath : "/"
      return fieldName(name, path, "vi") === undefined || fieldName(name, path, "en") === undefined
    })
    assert.deepEqual(without, [])
  })

  it("name what a field is about where its name ends in that", () => {
    assert.equal(fieldName(scopeFieldName("bank-account:read"), "/", "en"), "Permission bank-account:read")
    assert.equal(fieldName("vas_7", "/", "en"), "Virtual accounts (VAs) of account no. 7")
    assert.equal(fieldName("va_ids_7", "/", "vi"), "VA được chọn của tài khoản số 7")
    assert.equal(fieldName("va_numbers_7", "/", "vi"), "Số VA được chọn của tài khoản số 7")
  })

  it("say what a column of a statement is on the page that chooses columns, and only there", () => {
    assert.equal(fieldName("number", columnsPath, "en"), "Numbers look like")
    assert.equal(fieldName("number", "/bank-accounts/link", "en"), "Account number")
    assert.equal(fieldName("debit", "/bank-accounts/link", "en"), undefined)
  })

  it("hold none that no page has", () => {
    const names = new Set(found.names.map(({ name }) => name))
    const known = [...Object.keys(fieldNameMessages), ...Object.keys(columnNameMessages)]
    assert.deepEqual(
      known.filter((name) => !names.has(name)),
      [],
    )
    for (const name of ["constructor", "__proto__", "nothing"]) assert.equal(fieldName(name, "/", "vi"), undefined)
  })
})
