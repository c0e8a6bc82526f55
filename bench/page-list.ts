import type { Instant } from "../src/clock.ts"
import type { AppGround } from "./app-rows.ts"
import type { DeskGround } from "./desk-rows.ts"

/** What the addresses of pages are made from. */
export interface PageGround extends AppGround, DeskGround {
  /** How many transactions the company has. */
  readonly rows: number
  readonly companyId: number
  readonly ownerId: number
  /** Somebody of the company, who did nothing. */
  readonly colleagueId: number
  readonly accountId: number
  /** A transaction in the middle. */
  readonly transactionId: number
  /** Called once for each transaction. */
  readonly webhookId: number
  readonly now: Instant
}

/** A page: what is measured, and its address. */
export type MeasuredPage = readonly [name: string, path: (ground: PageGround) => string]

const dayMs = 24 * 3600 * 1000
const longAgo = "from=2024-06-01T00:00&to=2024-06-02T00:00"
const lastPage = ({ rows }: PageGround): number => Math.ceil(rows / 50)
const dayText = ({ now }: PageGround, daysAgo: number): string =>
  new Date(now - daysAgo * dayMs).toISOString().slice(0, 10)

const money: readonly MeasuredPage[] = [
  ["overview", () => "/"],
  ["transactions, first page", () => "/transactions"],
  ["transactions, last page", (ground) => `/transactions?page=${lastPage(ground)}`],
  ["transactions, middle page", (ground) => `/transactions?page=${Math.floor(lastPage(ground) / 2)}`],
  ["transactions of an account, money out", ({ accountId }) => `/transactions?account=${accountId}&direction=out`],
  ["transactions by reference", ({ transactionId }) => `/transactions?reference=FT${1_000_000_000 + transactionId}`],
  ["transactions by a range of amounts", () => "/transactions?amount_from=1000000&amount_to=1200000"],
  ["transactions by an amount nobody has", () => "/transactions?amount_from=99999999"],
  ["search, a word that all have", () => "/transactions?q=thanh"],
  ["search, two words that all have", () => "/transactions?q=thanh+toan"],
  ["search, the beginning of a code", () => "/transactions?q=dh1234"],
  ["search, a word that nobody has", () => "/transactions?q=khongaico"],
  ["search, a rare word and an account", ({ accountId }) => `/transactions?q=dh12345&account=${accountId}`],
  ["transactions by payment code", () => "/transactions?code=DH123456"],
  ["a transaction", ({ transactionId }) => `/transactions/${transactionId}`],
]

const webhooks: readonly MeasuredPage[] = [
  ["webhooks", () => "/webhooks"],
  ["a webhook", ({ webhookId }) => `/webhooks/${webhookId}`],
  ["a new webhook", () => "/webhooks/new"],
  ["a webhook's form", ({ webhookId }) => `/webhooks/${webhookId}/edit`],
  ["a webhook's test", ({ webhookId }) => `/webhooks/${webhookId}/test`],
  [
    "why a transaction was not sent",
    ({ webhookId, transactionId }) => `/webhooks/${webhookId}/explain?transaction=${transactionId}`,
  ],
  ["delivery log, first page", ({ webhookId }) => `/webhooks/${webhookId}/log`],
  [
    "delivery log, from the middle",
    ({ webhookId, rows }) => `/webhooks/${webhookId}/log?below=${Math.floor(rows / 2)}`,
  ],
  ["a call of the delivery log", ({ webhookId, transactionId }) => `/webhooks/${webhookId}/log/${transactionId}`],
  ["delivery log, failures", ({ webhookId }) => `/webhooks/${webhookId}/log?outcome=failed`],
  ["delivery log, an outcome nobody has", ({ webhookId }) => `/webhooks/${webhookId}/log?outcome=timeout`],
  [
    "delivery log, failures of a status nobody has",
    ({ webhookId }) => `/webhooks/${webhookId}/log?outcome=failed&status=201`,
  ],
  ["delivery log, a status nobody has", ({ webhookId }) => `/webhooks/${webhookId}/log?status=201`],
  ["delivery log, a day long ago", ({ webhookId }) => `/webhooks/${webhookId}/log?${longAgo}`],
  [
    "delivery log of a transaction",
    ({ webhookId, transactionId }) => `/webhooks/${webhookId}/log?transaction=${transactionId}`,
  ],
  [
    "replay of all that failed, preview",
    ({ webhookId }) => `/webhooks/${webhookId}/replay?from=2000-01-01T00:00&before=2100-01-01T00:00&states=failed`,
  ],
]

const banking: readonly MeasuredPage[] = [
  ["bank accounts", () => "/bank-accounts"],
  ["link an account", () => "/bank-accounts/link"],
  ["a bank account, its virtual accounts, gaps and files", ({ accountId }) => `/bank-accounts/${accountId}`],
  ["a bank account, virtual accounts far on", ({ accountId }) => `/bank-accounts/${accountId}?sub_page=200`],
  ["close a gap", ({ accountId, gapId }) => `/bank-accounts/${accountId}/gaps/${gapId}/close`],
  ["upload of a statement", ({ accountId }) => `/bank-accounts/${accountId}/import`],
  ["an uploaded statement", ({ accountId, uploadId }) => `/bank-accounts/${accountId}/import/${uploadId}/columns`],
  ["an imported statement", ({ accountId, importId }) => `/bank-accounts/${accountId}/imports/${importId}`],
  ["a new virtual account", ({ accountId }) => `/bank-accounts/${accountId}/sub-accounts/new`],
  ["a virtual account", ({ accountId, subAccountId }) => `/bank-accounts/${accountId}/sub-accounts/${subAccountId}`],
  ["feeds", () => "/bank-accounts/feeds"],
  ["a feed", ({ feedId }) => `/bank-accounts/feeds/${feedId}`],
  ["a new feed", () => "/bank-accounts/feeds/new"],
  ["simulator", () => "/bank-accounts/feeds/simulate"],
  ["payment codes", () => "/payment-codes"],
  ["payment codes, a text tried", () => "/payment-codes?text=DH123456+thanh+toan"],
  ["a payment code", ({ templateId }) => `/payment-codes/${templateId}`],
]

const company: readonly MeasuredPage[] = [
  ["connected apps", () => "/connected-apps"],
  ["a connected app, with its history", ({ grantId }) => `/connected-apps/${grantId}`],
  ["narrow a connected app", ({ grantId }) => `/connected-apps/${grantId}/narrow`],
  ["revoke a connected app", ({ grantId }) => `/connected-apps/${grantId}/revoke`],
  ["company", () => "/company"],
  ["close the company", () => "/company/close"],
  ["users", () => "/company/users"],
  ["a user", ({ colleagueId }) => `/company/users/${colleagueId}`],
  ["invite a user", () => "/company/users/invite"],
  ["audit log, first page", () => "/audit"],
  ["audit log, from the middle", (ground) => `/audit?after=${ground.now - 350 * dayMs}-999999999`],
  ["audit log of a person", ({ ownerId }) => `/audit?who=user:${ownerId}`],
  ["audit log of a person who did nothing", ({ colleagueId }) => `/audit?who=user:${colleagueId}`],
  ["audit log of apps", () => "/audit?who=client"],
  ["audit log of the platform, which did nothing", () => "/audit?who=system"],
  ["audit log of webhooks", () => "/audit?group=webhook"],
  ["audit log of gaps, of which there is nothing", () => "/audit?group=gap"],
  ["audit log of webhooks by apps, of which there is nothing", () => "/audit?group=webhook&who=client"],
  [
    "audit log of a day long ago",
    (ground) => `/audit?from=${dayText(ground, 600)}&to=${dayText(ground, 600)}&group=transaction`,
  ],
  ["account", () => "/account"],
  ["change of e-mail", () => "/account/email"],
  ["change of password", () => "/account/password"],
  ["second factor", () => "/account/two-factor"],
  ["sessions", () => "/account/sessions"],
]

const developer: readonly MeasuredPage[] = [
  ["apps", () => "/developer/apps"],
  ["a new app", () => "/developer/apps/new"],
  ["an app", ({ clientId }) => `/developer/apps/${clientId}`],
  ["an app's secrets", ({ clientId }) => `/developer/apps/${clientId}/secrets`],
  ["delete an app", ({ clientId }) => `/developer/apps/${clientId}/delete`],
  ["request log, first page", ({ clientId }) => `/developer/apps/${clientId}/requests`],
  [
    "request log, from the middle",
    ({ clientId, requestAt, requestId }) => `/developer/apps/${clientId}/requests?before=${requestAt}-${requestId}`,
  ],
  ["request log, failures", ({ clientId }) => `/developer/apps/${clientId}/requests?outcome=failed`],
  ["request log by error", ({ clientId }) => `/developer/apps/${clientId}/requests?error=invalid_grant`],
  ["request log by an error nobody had", ({ clientId }) => `/developer/apps/${clientId}/requests?error=server_error`],
  [
    "request log, failures by an error nobody had",
    ({ clientId }) => `/developer/apps/${clientId}/requests?outcome=failed&error=server_error`,
  ],
  [
    "request log by an endpoint nobody called",
    ({ clientId }) => `/developer/apps/${clientId}/requests?endpoint=/api/v1/company`,
  ],
  [
    "request log of a day",
    (ground) => `/developer/apps/${ground.clientId}/requests?from=${dayText(ground, 3)}&to=${dayText(ground, 3)}`,
  ],
  [
    "request log by request id",
    ({ clientId, requestId }) => `/developer/apps/${clientId}/requests?request_id=req-${requestId}`,
  ],
  ["a call of an app", ({ clientId, requestId }) => `/developer/apps/${clientId}/requests/${requestId}`],
  ["usage, 90 days", ({ clientId }) => `/developer/apps/${clientId}/usage?days=90`],
  ["quick start", ({ clientId }) => `/developer/apps/${clientId}/quick-start`],
  ["try it", ({ clientId }) => `/developer/apps/${clientId}/try`],
]

/** Every page that the owner of the company opens; a new page is one more line. */
export const ownerPages: readonly MeasuredPage[] = [...money, ...webhooks, ...banking, ...company, ...developer]

/** Every page of an operator. */
export const operatorPages: readonly MeasuredPage[] = [
  ["operator: overview", () => "/"],
  ["operator: review queue", () => "/operator/apps"],
  ["operator: all apps", () => "/operator/apps?state=all"],
  ["operator: apps by a name that all have", () => "/operator/apps?state=all&q=ban+hang"],
  ["operator: apps by a name that nobody has", () => "/operator/apps?state=all&q=khongaico"],
  ["operator: an app", ({ clientId }) => `/operator/apps/${clientId}`],
  ["operator: suspend an app", ({ clientId }) => `/operator/apps/${clientId}/suspend`],
  ["operator: companies", () => "/operator/companies"],
  ["operator: companies, from the middle", ({ rows }) => `/operator/companies?before=${Math.ceil(rows / 100)}`],
  ["operator: companies by a name that all have", () => "/operator/companies?q=minh+phat"],
  ["operator: companies by a name that nobody has", () => "/operator/companies?q=khongaico"],
  ["operator: companies by an e-mail", () => "/operator/companies?q=nguoi77@minhphat.example"],
  ["operator: a company", ({ companyId }) => `/operator/companies/${companyId}`],
  ["operator: suspend a company", ({ companyId }) => `/operator/companies/${companyId}/suspend`],
  ["operator: users", () => "/operator/users"],
  ["operator: users by a name that all have", () => "/operator/users?q=nguy%E1%BB%85n"],
  ["operator: users by a name that nobody has", () => "/operator/users?q=khongaico"],
  ["operator: users of a company", ({ companyId }) => `/operator/users?company=${companyId}`],
  ["operator: a user", ({ ownerId }) => `/operator/users/${ownerId}`],
  ["operator: suspend a user", ({ ownerId }) => `/operator/users/${ownerId}/suspend`],
  ["operator: feeds", () => "/operator/feeds"],
  ["operator: deliveries", () => "/operator/deliveries"],
  ["operator: signing keys", () => "/operator/keys"],
  ["operator: system", () => "/operator/system"],
  ["operator: audit log, first page", () => "/operator/audit"],
  ["operator: audit log, from the middle", ({ now }) => `/operator/audit?after=${now - 350 * dayMs}-999999999`],
  ["operator: audit log of a company", ({ companyId }) => `/operator/audit?company=${companyId}`],
  ["operator: audit log of operators", () => "/operator/audit?who=operator"],
  ["operator: audit log of the platform, which did nothing", () => "/operator/audit?who=system"],
  ["operator: audit log of a person who did nothing", ({ colleagueId }) => `/operator/audit?who=user:${colleagueId}`],
  ["operator: audit log of webhooks", () => "/operator/audit?group=webhook"],
  ["operator: audit log of gaps, of which there is nothing", () => "/operator/audit?group=gap"],
  [
    "operator: audit log of webhooks by apps, of which there is nothing",
    () => "/operator/audit?group=webhook&who=client",
  ],
]

/** Pages that need nobody signed in; measured as the owner sees them. */
export const openPages: readonly MeasuredPage[] = [
  ["API reference", () => "/docs/api"],
  ["egress addresses", () => "/egress-ips"],
]
