// The samples of contract/api.md §8, for the reference; a test holds them against the contract.

const webhook = {
  id: 7,
  bank_account_id: 41,
  bank_account_ids: [41],
  accounts: [],
  name: "Shop webhook",
  event_type: "In_only",
  authen_type: "Api_Key",
  webhook_url: "https://shop.example/hook?shop=9",
  is_verify_payment: true,
  skip_if_no_code: true,
  retry_conditions: { non_2xx_status_code: 1 },
  only_va: false,
  active: true,
  created_at: "2026-06-02 09:00:00",
  api_key: "0123456789abcdef0123456789abcdef",
  secret_key: null,
  oauth2_access_token_url: null,
  oauth2_client_id: null,
  oauth2_client_secret: null,
  request_content_type: "Json",
  bank_sub_account_ids: [],
  prefix_filters: [],
  va_mode: "all",
  bank_mode: "single",
  alert_threshold: 3,
  alert_event_types: ["failure", "recovery"],
  alert_channel_ids: [],
  retry_wrong_body: false,
  disable_on_410: true,
  long_tail: false,
}

export const webhooksExample = {
  status: "success",
  data: [webhook],
  meta: { pagination: { total: 1, per_page: 20, current_page: 1, last_page: 1 } },
}
export const webhookExample = { status: "success", data: webhook }
export const newWebhookExample = {
  bank_account_id: "41",
  name: "Shop webhook",
  event_type: "In_only",
  authen_type: "Api_Key",
  api_key: "k7s8d9f0a1b2c3d4",
  webhook_url: "https://shop.example/hook",
  is_verify_payment: 1,
  skip_if_no_code: "0",
  only_va: 0,
  active: true,
  request_content_type: "Json",
  retry_conditions: ["non_2xx_status_code"],
}
export const createdWebhookExample = {
  status: "success",
  id: 8,
  data: {
    ...webhook,
    id: 8,
    webhook_url: "https://shop.example/hook",
    skip_if_no_code: false,
    api_key: "k7s8d9f0a1b2c3d4",
  },
}
export const webhookChangesExample = { active: 0 }
export const changedWebhookExample = { status: "success", data: { ...webhook, active: false } }
export const deletedWebhookExample = { status: "success", message: "Webhook deleted", data: { id: 8 } }

const signed = { ...webhook, authen_type: "HMAC_SHA256", api_key: null, secret_key: "****Hh8=" }
export const rollSecretExample = { window_hours: 24 }
export const rolledSecretExample = {
  status: "success",
  data: {
    id: 7,
    secret_key: "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    roll_ends_at: "2026-07-05 10:22:31",
  },
}
export const finishedRollExample = { status: "success", data: signed }
export const clonedWebhookExample = {
  status: "success",
  id: 9,
  data: { ...webhook, id: 9, name: "Shop webhook (copy)", active: false, api_key: null },
}
