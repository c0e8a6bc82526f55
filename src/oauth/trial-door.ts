import type { Queries } from "../database/engine.ts"
import type { Client } from "./clients.store.ts"
import type { RawParameters } from "./raw-parameters.ts"

/** Path where the portal's Try it page takes authorization responses (docs/decisions/0018-try-it.md). */
export const trialCallbackPath = "/developer/try/callback"

/** Lets authorization requests of the Try it page in, and nobody else's, at the portal's own redirect URI. */
export interface TrialDoor {
  readonly redirectUri: string
  /** The trial that made this very request (its state, its challenge, its app), if there is one. */
  findTrial(db: Queries, client: Client, parameters: RawParameters): Promise<number | undefined>
}
