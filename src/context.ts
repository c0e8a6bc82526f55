import type { Clock } from "./clock.ts"
import type { Config } from "./config.ts"
import type { Database } from "./database/engine.ts"
import type { InstanceBus } from "./instance-bus.ts"
import type { Logger } from "./log.ts"
import type { Mailer } from "./mail.ts"
import type { Metrics } from "./metrics.ts"
import type { Outbound } from "./outbound/outbound.ts"

/** What every surface is handed when it is mounted. */
export interface Context {
  readonly config: Config
  readonly clock: Clock
  readonly db: Database
  readonly log: Logger
  readonly metrics: Metrics
  readonly bus: InstanceBus
  readonly outbound: Outbound
  readonly mail: Mailer
}
