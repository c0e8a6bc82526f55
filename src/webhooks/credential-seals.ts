// What the credentials of a webhook are sealed for (crypto/seal.ts).
export const API_KEY_PURPOSE = "webhook api key"
export const WEBHOOK_SECRET_PURPOSE = "webhook secret"
export const OAUTH2_SECRET_PURPOSE = "webhook oauth2 client secret"
