// Samples of the log routes, for the reference; a test holds them against the schemas.

const call = {
  n: 1201,
  delivery_id: "0192f0c4-a7e8-7c3d-9b1e-5a6f7c8d9e0f",
  kind: "auto",
  attempt: 1,
  webhook_id: 7,
  config_version: 1,
  transaction_id: 90_112,
  class: "wrong_body",
  status: "wrong_body",
  http_status: 200,
  error_code: 0,
  message: "Your endpoint answered 200 but the body is no JSON object.",
  hint: 'your endpoint answered 200 but the body has no `"success": true`',
  response_time_ms: 48,
  dns_ms: 3,
  connect_ms: 11,
  tls_ms: 19,
  first_byte_ms: 47,
  request_url: "https://shop.example/hook?shop=9",
  started_at: "2026-07-04T10:22:31+07:00",
  ended_at: "2026-07-04T10:22:31+07:00",
  next_retry_at: null,
  replay_of: null,
}

export const logsExample = {
  status: "success",
  data: [call],
  meta: { pagination: { total: 1, per_page: 20, current_page: 1, last_page: 1 } },
}

export const logExample = {
  status: "success",
  data: {
    ...call,
    request: {
      headers: [
        { name: "Content-Type", value: "application/json" },
        { name: "Authorization", value: "Apikey ****cdef" },
      ],
      body: '{"id":90112,"gateway":"Vietcombank"}',
      body_sha256: "6f6c5cd4ad3d7ac4a3c0c2c3f7a9d5ef5b0d1c9b8a7968574635241302f1e0df",
    },
    response: { headers: [{ name: "content-type", value: "text/plain" }], body: "ok" },
    curl: "curl -X POST 'https://shop.example/hook?shop=9'",
  },
}

export const replayRequestExample = { ids: [1201, 1202] }
export const replayExample = {
  status: "success",
  data: {
    results: [
      { id: 1201, delivery_id: "0192f0c5-0b1c-7d2e-8f3a-4b5c6d7e8f90", error: null },
      { id: 1202, delivery_id: null, error: "There is no such log row" },
    ],
  },
}

export const testExample = {
  status: "success",
  data: {
    delivery_id: "0192f0c5-0b1c-7d2e-8f3a-4b5c6d7e8f90",
    class: "ok",
    status: "success",
    http_status: 200,
    error_code: 0,
    message: null,
    hint: null,
    response_time_ms: 48,
    response_body: '{"success":true}',
  },
}

const checks = [
  { check: "active", passed: true, wanted: "active", found: "active" },
  { check: "direction", passed: false, wanted: "Out_only", found: "in" },
]

export const explainExample = {
  status: "success",
  data: {
    webhook_id: 7,
    transaction_id: 90_112,
    recorded_at: "2026-07-04T10:22:31+07:00",
    created_later: false,
    unconfirmed: false,
    decided: { config_version: 1, verdict: "direction", checks },
    now: { verdict: "direction", checks },
    deliveries: [],
  },
}
