import type { RegisteredScope } from "./clients.store.ts"
import type { Profile } from "./protocol.ts"

/** An app's picture: where it was fetched from, once, and what names the copy that we serve. */
export interface ClientLogo {
  readonly url: string
  /** SHA-256 of the bytes, hex. */
  readonly hash: string
}

/** What the owner of an app decides about it (contract/oauth.md §15). */
export interface ClientValues {
  readonly name: string
  readonly description: string
  readonly website: string | null
  readonly logo: ClientLogo | null
  readonly profile: Profile
  readonly clientType: "confidential" | "public"
  readonly redirectUris: readonly string[]
  /** In the order of contract/oauth.md §3. */
  readonly scopes: readonly RegisteredScope[]
  readonly legacyTokenErrors: boolean
}

/** What of an approved app waits for the operator; at least one member is there. */
export interface PendingChanges {
  readonly name?: string
  readonly website?: string
  readonly logo?: ClientLogo
  readonly profile?: Profile
  readonly clientType?: ClientValues["clientType"]
  /** New ones; the live ones stay. */
  readonly redirectUris?: readonly string[]
  /** New ones, and optional ones that are to be required. */
  readonly scopes?: readonly RegisteredScope[]
}
