import type { Context } from "../context.ts"
import { type AccessGuard, createAccessGuard } from "./access-guard.ts"
import { type AccessView, createAccessView } from "./access-view.ts"
import { createKeySet, type KeySet } from "./key-set.ts"
import { createLastUsed, type LastUsed } from "./last-used.ts"
import { createRequestLog, type RequestLog } from "./request-log.ts"
import { ensureSigningKey } from "./signing-key.ts"

/** What one process holds in memory of the authorization server. */
export interface AuthorizationServer {
  readonly keys: KeySet
  /** Makes sure that the keys are those of a second ago at the oldest. @throws DatabaseUnavailable */
  readonly ensureFresh: AccessView["ensureFresh"]
  readonly lastUsed: LastUsed
  /** The resource API's gate. */
  readonly guard: AccessGuard
  readonly requestLog: RequestLog
  stop(): void
}

/** Makes sure there is a key to sign with, loads it, and starts watching for changes of rights. */
export async function startAuthorizationServer(context: Context): Promise<AuthorizationServer> {
  const { db, config, clock, log, bus } = context
  await ensureSigningKey(db, config.keyring, clock.now())
  const keys = createKeySet(db, config.keyring, clock)
  const view = createAccessView(db, keys, log)
  await view.start()
  bus.listen("access-changed", () => view.refresh())
  const lastUsed = createLastUsed(db)
  const guard = createAccessGuard({ db, config, clock, keys, view, lastUsed })
  const requestLog = createRequestLog(db, context.metrics)
  return { keys, ensureFresh: view.ensureFresh, lastUsed, guard, requestLog, stop: view.stop }
}
