import { findBankAccounts } from "../banking/account-lookup.ts"
import { createBankAccount } from "../banking/bank-account.ts"
import { createDefaultPaymentCodeTemplate } from "../banking/payment-code-settings.ts"
import type { Context } from "../context.ts"
import { createFeed, type Feed, listFeeds } from "../feeds/feed.ts"
import { createUser, findUser } from "../identity/user.ts"
import type { CompanyId } from "../ids.ts"
import { getRequest, storeRequest } from "../oauth/authorization.ts"
import { checkAuthorizationRequest } from "../oauth/authorization-request.ts"
import { registerClient } from "../oauth/client.ts"
import { recordConsent } from "../oauth/consent.ts"
import { parseRawParameters } from "../oauth/raw-parameters.ts"
import { StartError } from "../start-error.ts"
import { createWebhook } from "../webhooks/webhook-settings.ts"
import type { DemoReceiver } from "./demo-receiver.ts"

/** The demo's company as far as its money needs it. */
export interface DemoCompany {
  readonly feed: Feed
  readonly accountNumbers: readonly string[]
  /** The company was made just now: it has no history yet. */
  readonly isNew: boolean
}

const password = "demo-sepay-2026"
const people = {
  merchant: { email: "chu@demo.example", firstName: "Minh", lastName: "Nguyễn Quang", who: "merchant (owner)" },
  clerk: { email: "nhanvien@demo.example", firstName: "Lan", lastName: "Trần Thị", who: "merchant's clerk" },
  developer: { email: "dev@demo.example", firstName: "Huy", lastName: "Lê Gia", who: "app developer" },
  operator: { email: "vanhanh@demo.example", firstName: "Mai", lastName: "Phạm Thu", who: "operator" },
} as const

const accounts = [
  { bank: "Vietcombank", accountNumber: "0071000888888", label: "Tài khoản bán hàng" },
  { bank: "MBBank", accountNumber: "0359999999999", label: "Tài khoản nhập hàng" },
] as const
const holderName = "CONG TY TNHH TIEM DEMO"

/** Makes the demo's people, company, accounts, app and webhooks, unless they are there from the last time. */
export async function prepareDemo(context: Context, receiver: DemoReceiver): Promise<DemoCompany> {
  const { db } = context
  const known = await findUser(db, { email: people.merchant.email })
  if (known === undefined && (await findUser(db, { email: people.developer.email })) !== undefined) throw halfMade()
  const companyId = known?.companyId ?? (await makeCompany(context, receiver))
  const feed = (await listFeeds(db, companyId)).find(({ kind }) => kind === "push")
  if (feed === undefined) throw halfMade()
  return { feed, accountNumbers: accounts.map(({ accountNumber }) => accountNumber), isNew: known === undefined }
}

function halfMade(): StartError {
  return new StartError("The demo was stopped while it was being made: start it with --fresh.")
}

async function makeCompany(context: Context, receiver: DemoReceiver): Promise<CompanyId> {
  const { clock, config, db } = context
  const now = clock.now()
  const onCompanyCreated = createDefaultPaymentCodeTemplate
  await createUser(db, now, {
    ...{ ...people.developer, password },
    company: { fullName: "Công ty Phần mềm Mẫu", shortName: "Phần mềm Mẫu", onCompanyCreated },
  })
  await createUser(db, now, {
    ...{ ...people.operator, password, isOperator: true },
    company: { fullName: "Nhà vận hành", onCompanyCreated },
  })
  const clientId = await makeApp(context)
  const { id, companyId } = await createUser(db, now, {
    ...{ ...people.merchant, password },
    company: { fullName: "Công ty TNHH Tiệm Demo", shortName: "Tiệm Demo", onCompanyCreated },
  })
  await createUser(db, now, {
    ...{ ...people.clerk, password, role: "User", company: { id: companyId } },
    permissions: ["bank_account.list", "transaction.list"],
  })
  for (const account of accounts) await createBankAccount(db, now, { ...account, companyId, holderName, mode: "live" })
  await createBankAccount(db, now, {
    ...{ bank: "ACB", accountNumber: "1234567890", label: "Để thử nghiệm" },
    ...{ companyId, holderName, mode: "test" },
  })
  await createFeed(db, now, config.keyring, { companyId, name: "Ngân hàng demo", kind: "push", test: false })
  await makeWebhook(context, { companyId, userId: id, name: "Đơn hàng", url: receiver.steadyUrl })
  await makeWebhook(context, { companyId, userId: id, name: "Kho (hay bảo trì)", url: receiver.shakyUrl })
  await connectApp(context, clientId, { companyId, userId: id })
  return companyId
}

const redirectUri = "https://ketoan.example/callback"
const scope = "bank-account:read transaction:read"

async function makeApp({ clock, config, db }: Context): Promise<string> {
  const { clientId } = await registerClient(db, config.keyring, clock.now(), {
    name: "Kế toán Mẫu",
    ownerEmail: people.developer.email,
    description: "Đối soát giao dịch với hóa đơn.",
    website: "https://ketoan.example",
    redirectUris: [redirectUri],
    scope,
    optionalScope: "webhook:read webhook:write profile company",
    approve: true,
  })
  return clientId
}

async function makeWebhook(
  { clock, config, db, outbound }: Context,
  made: { readonly companyId: CompanyId; readonly userId: number; readonly name: string; readonly url: string },
): Promise<void> {
  const ground = { keyring: config.keyring, findBankAccounts, findUrlProblem: outbound.findUrlProblem }
  const { companyId, userId, name, url } = made
  await createWebhook(db, clock.now(), ground, {
    manager: { companyId, mode: "live", bankAccountIds: undefined, actor: { kind: "user", id: userId } },
    draft: {
      plain: { name, webhookUrl: url, eventType: "In_only", authenType: "HMAC_SHA256", isVerifyPayment: false },
      accounts: { bankMode: "all" },
      credentials: {},
    },
    faults: [],
    liveLimit: config.webhookLimit,
  })
}

// As the consent page does, so that the list of connected apps is not empty.
async function connectApp(
  { clock, config, db }: Context,
  clientId: string,
  owner: { readonly companyId: CompanyId; readonly userId: number },
): Promise<void> {
  const query = new URLSearchParams({ response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope })
  const { request, client } = await checkAuthorizationRequest(db, parseRawParameters(query.toString()))
  const handle = await storeRequest(db, config.keyring, request, clock.now())
  const { stored } = await getRequest(db, config.keyring, handle)
  const choice = { mode: "live" as const, scopes: request.scope, bankAccountIds: undefined }
  await recordConsent(db, config.keyring, { stored, client, ...owner }, choice, clock.now())
}

/** What the demo prints: where to click, and whom to sign in as. */
export function whereToClick(url: string): string {
  const width = Math.max(...Object.values(people).map(({ email }) => email.length))
  const lines = Object.values(people).map(({ email, who }) => `  ${email.padEnd(width)}  ${who}`)
  return `
The demo runs. Open ${url}/login and sign in; the password of everybody is  ${password}

${lines.join("\n")}

  ${url}/              as the merchant: money arrives every few seconds
  ${url}/webhooks      one goes well, one fails now and then: log, replay, why
  ${url}/connected-apps
  ${url}/developer/apps   as the developer: register an app, request log, try it
  ${url}/operator/apps    as the operator: approve it
  ${url}/mailbox       mails that would have been sent

Ctrl-C ends it; the next start goes on with the same data, --fresh begins anew.

`
}
