import type { StoredWebhook } from "../../../webhooks/list-webhooks.ts"
import { newApiKey, newWebhookSecret } from "../../../webhooks/signature.ts"
import { lastValue, type SentFields, type TypedWebhook } from "./typed-webhook.ts"

/** A form of a webhook as the body of the management API, accounts left out. */
export interface FormBody {
  readonly body: Readonly<Record<string, unknown>>
  /** We made an API key or an HMAC secret: the person has to see it. */
  readonly generates: boolean
  /** The typed API key is short or unusual (contract/webhooks.md §2). */
  readonly isWeak: boolean
}

/**
 * Turns a form into the body that the management API would take, so that both refuse the same (contract/api.md §8). Where a
 * key is needed and none was typed, one is made.
 *
 * @param before the webhook that is edited
 */
export function toFormBody(form: SentFields, typed: TypedWebhook, before?: StoredWebhook): FormBody {
  const secret = (name: string) => (lastValue(form, name) ?? "").trim() || undefined
  const { authenType } = typed
  const kept = before?.authenType === authenType ? before.credentials : undefined
  const typedKey = secret("api_key")
  const typedSecret = secret("secret_key")
  const madeKey = authenType === "Api_Key" && kept?.sealedApiKey === undefined && typedKey === undefined
  const madeSecret = authenType === "HMAC_SHA256" && kept?.sealedSecret === undefined && typedSecret === undefined
  return {
    body: {
      ...plainBody(typed),
      ...(before === undefined && { active: typed.active }),
      api_key: madeKey ? newApiKey() : typedKey,
      secret_key: madeSecret ? newWebhookSecret() : typedSecret,
      oauth2_access_token_url: typed.oauth2AccessTokenUrl,
      oauth2_client_id: typed.oauth2ClientId,
      oauth2_client_secret: lastValue(form, "oauth2_client_secret") || undefined,
    },
    generates: madeKey || madeSecret,
    isWeak: authenType === "Api_Key" && typedKey !== undefined && !/^[A-Za-z0-9]{10,}$/.test(typedKey),
  }
}

function plainBody(typed: TypedWebhook): Readonly<Record<string, unknown>> {
  return {
    name: typed.name,
    webhook_url: typed.webhookUrl,
    event_type: typed.eventType || undefined,
    is_verify_payment: typed.isVerifyPayment,
    authen_type: typed.authenType || undefined,
    skip_if_no_code: typed.skipIfNoCode,
    prefix_filters: typed.prefixFilters.split(/[,\n]/).flatMap((prefix) => prefix.trim() || []),
    request_content_type: typed.contentType || undefined,
    retry_conditions: { non_2xx_status_code: typed.retryNon2xx },
    retry_wrong_body: typed.retryWrongBody,
    long_tail: typed.longTail,
    disable_on_410: typed.disableOn410,
  }
}
