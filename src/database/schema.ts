import type { BankingSchema } from "./schema/banking.ts"
import type { FeedsSchema } from "./schema/feeds.ts"
import type { IdentitySchema } from "./schema/identity.ts"
import type { OauthSchema } from "./schema/oauth.ts"

/** Every table; what its columns mean stands in its migration. */
export interface Schema extends IdentitySchema, OauthSchema, BankingSchema, FeedsSchema {
  schema_migrations: { name: string }
}
