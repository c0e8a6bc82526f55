import type { AccountsSchema } from "./schema/accounts.ts"
import type { BankingSchema } from "./schema/banking.ts"
import type { FeedsSchema } from "./schema/feeds.ts"
import type { IdentitySchema } from "./schema/identity.ts"
import type { MailsSchema } from "./schema/mails.ts"
import type { OauthSchema } from "./schema/oauth.ts"
import type { RequestLogSchema } from "./schema/request-log.ts"
import type { SignInSchema } from "./schema/sign-in.ts"
import type { WebhooksSchema } from "./schema/webhooks.ts"

/** Every table; what its columns mean stands in its migration. */
export interface Schema
  extends IdentitySchema,
    AccountsSchema,
    SignInSchema,
    MailsSchema,
    OauthSchema,
    BankingSchema,
    FeedsSchema,
    WebhooksSchema,
    RequestLogSchema {
  schema_migrations: { name: string }
}
