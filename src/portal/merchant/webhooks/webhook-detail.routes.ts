import type { FastifyInstance } from "fastify"
import type { Context } from "../../../context.ts"
import type { Queries } from "../../../database/engine.ts"
import { sendPage } from "../../../http/page-answer.ts"
import { isPermitted } from "../../../identity/permission.ts"
import { findUser } from "../../../identity/user.ts"
import { type Language, speak } from "../../../messages/catalogue.ts"
import { personName } from "../../../messages/person-name.ts"
import { webhookFormMessages } from "../../../messages/webhook-form.ts"
import { webhookDetailMessages, webhookListMessages } from "../../../messages/webhook-list.ts"
import { findClientNames } from "../../../oauth/client-names.ts"
import { getActivity } from "../../../webhooks/activity.ts"
import { type ShownCredentials, showCredentials } from "../../../webhooks/credentials.ts"
import type { StoredWebhook } from "../../../webhooks/list-webhooks.ts"
import { currentSecrets } from "../../../webhooks/secret-roll.ts"
import { isRawSecret } from "../../../webhooks/signature.ts"
import { toHeaded } from "./headed-webhook.ts"
import { vasOfWebhook } from "./named-vas.ts"
import { listSelectableAccounts, type SelectableAccount } from "./selectable-accounts.ts"
import { toWaiting } from "./to-waiting.ts"
import { filterOfAccount, toVaChoice } from "./va-choice.ts"
import { type DetailDone, type DetailSettings, webhookDetailPage } from "./webhook-detail.page.ts"
import { onePath, openWebhook, queryValue, reading, visitorOf } from "./webhook-requests.routes.ts"

const dones: readonly DetailDone[] = [
  ...(["created", "created-weak", "saved", "saved-weak", "unchanged", "on", "off", "cloned", "again"] as const),
  ...(["finished", "full"] as const),
]

/** GET /webhooks/:id: one webhook. */
export function webhookDetailRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock, config } = context
  pages.get(onePath, reading(context, "webhook.list"), async (request, reply) => {
    const { session, webhook } = await openWebhook(db, request)
    const now = clock.now()
    const keys = { keyring: config.keyring, now }
    const credentials = showCredentials(webhook.credentials, keys, { apiKey: false, secretKey: false })
    const { secretKey: clear } = showCredentials(webhook.credentials, keys, { apiKey: false, secretKey: true })
    const { language } = request
    const isRolling = currentSecrets(webhook.credentials, now).other !== undefined
    const done = queryValue(request, "done")
    const accounts = await listSelectableAccounts(db, session, webhook.mode, vasOfWebhook(webhook))
    const page = webhookDetailPage({
      ...visitorOf(request),
      ...toHeaded(webhook, session),
      settings: {
        ...toSettings(webhook, credentials),
        secretIsRaw: clear !== null && isRawSecret(clear),
        rollEndsAt: isRolling ? webhook.credentials.rollEndsAt : undefined,
        accounts: nameAccounts(webhook, accounts, language),
        creator: await nameCreator(db, webhook, language),
      },
      waiting: toWaiting(await getActivity(db, now, webhook.id), now, language),
      done: dones.find((one) => one === done),
      mayCreate: isPermitted(session, "webhook.create"),
      mayDelete: isPermitted(session, "webhook.delete"),
    })
    return sendPage(reply, page)
  })
}

function toSettings(
  webhook: StoredWebhook,
  credentials: ShownCredentials,
): Omit<DetailSettings, "accounts" | "creator" | "rollEndsAt" | "secretIsRaw"> {
  const { retryNon2xx, longTail } = webhook
  return {
    url: webhook.webhookUrl,
    eventType: webhook.eventType,
    onlyWithCode: webhook.skipIfNoCode,
    prefixes: webhook.prefixFilters,
    verify: webhook.isVerifyPayment,
    contentType: webhook.requestContentType,
    authenType: webhook.authenType,
    apiKey: credentials.apiKey,
    secret: credentials.secretKey,
    tokenUrl: credentials.oauth2AccessTokenUrl,
    clientId: credentials.oauth2ClientId,
    clientSecret: credentials.oauth2ClientSecret,
    retry: retryNon2xx ? (longTail ? "tail" : "on") : "off",
    retryWrongBody: webhook.retryWrongBody,
    disableOn410: webhook.disableOn410,
    createdAt: webhook.createdAt,
    configVersion: webhook.configVersion,
  }
}

function nameAccounts(
  webhook: StoredWebhook,
  accounts: readonly SelectableAccount[] | undefined,
  language: Language,
): readonly string[] | undefined {
  const form = speak(webhookFormMessages, language)
  const words = {
    everything: form.everything,
    account: form.accountOnly,
    vas: form.vasOnly,
    listed: form.listedOnly,
    "account-and-listed": form.accountAndListed,
  }
  if (webhook.bankMode === "all") {
    const choice = toVaChoice(webhook)
    const all = speak(webhookDetailMessages, language).allAccounts
    return choice === "everything" ? undefined : [`${all} · ${words[choice]}`]
  }
  if (accounts === undefined)
    return [speak(webhookDetailMessages, language).someAccounts(webhook.bankAccountIds.length)]
  return webhook.bankAccountIds.map((id) => {
    const account = accounts.find((one) => one.id === id)
    const filter = filterOfAccount(webhook, id)
    const choice = toVaChoice(filter)
    const listed = account?.vas.filter((va) => filter.bankSubAccountIds.includes(va.id)).map((va) => va.number) ?? []
    const vas = choice === "everything" ? "" : ` · ${words[choice]}`
    const numbers = filter.vaMode === "list" && listed.length > 0 ? `: ${listed.join(", ")}` : ""
    return `${account === undefined ? id : `${account.name} · ${account.number}`}${vas}${numbers}`
  })
}

async function nameCreator(db: Queries, { creator }: StoredWebhook, language: Language): Promise<string | undefined> {
  if (creator === undefined) return undefined
  if (creator.kind === "client") {
    const name = (await findClientNames(db, [creator.id])).get(creator.id)
    return name === undefined ? undefined : speak(webhookListMessages, language).byApp(name)
  }
  const user = await findUser(db, { id: creator.id })
  return user === undefined ? undefined : personName(user, language)
}
