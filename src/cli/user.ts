import type { AccountStatus } from "../identity/company.ts"
import { permissions, roles } from "../identity/permission.ts"
import { Refusal } from "../refusal.ts"
import { askPassword } from "./ask-password.ts"
import { type Command, type Input, UsageError } from "./command.ts"
import { listAll } from "./list-all.ts"
import { formatTable } from "./table.ts"
import { withDatabase } from "./with-database.ts"

const mostId = Number.MAX_SAFE_INTEGER

/** `./sepay user create`. */
export const userCreate: Command = {
  name: "user create",
  summary: "Creates a user, and the company with the first one",
  options: {
    email: { kind: "text", value: "EMAIL", help: "Whom to sign in as", required: true },
    password: {
      kind: "text",
      value: "PASSWORD",
      help: "10 characters or more; asked for, or read from a pipe, if absent",
    },
    "first-name": { kind: "text", value: "NAME", help: "First name" },
    "last-name": { kind: "text", value: "NAME", help: "Last name" },
    phone: { kind: "text", value: "NUMBER", help: "Telephone number" },
    company: { kind: "text", value: "NAME", help: "A new company of this name" },
    "company-id": { kind: "number", value: "N", help: "A company that exists", least: 1, most: mostId },
    role: { kind: "text", value: "ROLE", help: "SuperAdmin of a new company, else User, if absent", choices: roles },
    permission: {
      kind: "text",
      value: "PERMISSION",
      help: "What a User may do",
      repeated: true,
      choices: permissions,
    },
    operator: { kind: "flag", help: "May approve apps and see every company" },
  },
  examples: ['./sepay user create --email an@shop.example --company "Shop An"'],
  run: async (input) => {
    const company = readCompany(input)
    const password = input.text("password") ?? (await askPassword())
    const { createUser } = await import("../identity/user.ts")
    const { createDefaultPaymentCodeTemplate } = await import("../banking/payment-code-settings.ts")
    const { id, companyId } = await withDatabase(({ db, clock }) =>
      createUser(db, clock.now(), {
        email: input.requiredText("email"),
        password,
        firstName: input.text("first-name"),
        lastName: input.text("last-name"),
        phone: input.text("phone"),
        company: "id" in company ? company : { ...company, onCompanyCreated: createDefaultPaymentCodeTemplate },
        role: input.text("role"),
        permissions: input.texts("permission"),
        isOperator: input.flag("operator"),
      }),
    )
    return { json: { id, company_id: companyId }, text: `Created user ${id} of company ${companyId}.` }
  },
}

function readCompany(input: Input) {
  const id = input.number("company-id")
  const fullName = input.text("company")
  if (id !== undefined && fullName === undefined) return { id }
  if (fullName !== undefined && id === undefined) return { fullName }
  throw new UsageError("Give either --company NAME, for a new company, or --company-id N, for one that exists.")
}

function statusWord({ status }: { readonly status: AccountStatus }): string {
  return status === "inactive" ? "closed" : status
}

/** `./sepay user list`. */
export const userList: Command = {
  name: "user list",
  summary: "Lists users",
  options: {
    "company-id": { kind: "number", value: "N", help: "Only of this company", least: 1, most: mostId },
  },
  run: async (input) => {
    const { listUsers } = await import("../identity/user.ts")
    const companyId = input.number("company-id")
    const users = await withDatabase(({ db }) =>
      listAll((after) => listUsers(db, { after, ...(companyId && { companyId }) })),
    )
    const rows = users.map((user) => ({
      id: user.id,
      company_id: user.companyId,
      email: user.email,
      name: [user.lastName, user.firstName].filter((name) => name !== "").join(" "),
      role: user.role,
      permissions: user.permissions,
      operator: user.isOperator,
      status: statusWord(user),
    }))
    const text = formatTable(
      ["ID", "COMPANY", "E-MAIL", "NAME", "ROLE", "OPERATOR", "STATUS"],
      rows.map((row) => [
        row.id,
        row.company_id,
        row.email,
        row.name || "-",
        row.role,
        row.operator ? "yes" : "no",
        row.status,
      ]),
      "No users yet: ./sepay user create --help",
    )
    return { json: { users: rows }, text }
  },
}

/** `./sepay user password`. */
export const userPassword: Command = {
  name: "user password",
  summary: "Gives a user a new password and signs them out everywhere",
  options: {
    email: { kind: "text", value: "EMAIL", help: "Whose", required: true },
    password: {
      kind: "text",
      value: "PASSWORD",
      help: "10 characters or more; asked for, or read from a pipe, if absent",
    },
  },
  run: async (input) => {
    const email = input.requiredText("email")
    const password = input.text("password") ?? (await askPassword())
    const { findUser, setPassword } = await import("../identity/user.ts")
    const id = await withDatabase(async ({ db, clock }) => {
      const user = await findUser(db, { email })
      if (user === undefined) throw new Refusal("not_found", `There is no user with the e-mail ${email}.`)
      await setPassword(db, clock.now(), user.id, password)
      return user.id
    })
    return { json: { id }, text: `User ${id} has a new password and is signed out everywhere.` }
  },
}

/** `./sepay company list`. */
export const companyList: Command = {
  name: "company list",
  summary: "Lists companies",
  options: {},
  run: async () => {
    const { listCompanies } = await import("../identity/company.ts")
    const companies = await withDatabase(({ db }) => listAll((after) => listCompanies(db, after)))
    const rows = companies.map((company) => ({
      id: company.id,
      full_name: company.fullName,
      short_name: company.shortName,
      subscription: company.subscription,
      status: statusWord(company),
    }))
    const text = formatTable(
      ["ID", "NAME", "SHORT NAME", "PLAN", "STATUS"],
      rows.map((row) => [row.id, row.full_name, row.short_name, row.subscription, row.status]),
      "No companies yet: ./sepay user create --company NAME makes the first one.",
    )
    return { json: { companies: rows }, text }
  },
}
