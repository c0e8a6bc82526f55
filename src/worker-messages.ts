import type { TurnMessage } from "./database/write-turns.ts"
import type { BusMessage } from "./instance-bus.ts"

/** One metric of one process, as prom-client writes and adds them up. */
export type MetricValues = object

/** What a worker tells its primary. */
export type WorkerMessage =
  | TurnMessage
  | BusMessage
  /** Its bus listens: from now on an announcement waits for it. */
  | { readonly kind: "joined" }
  | { readonly kind: "ready" }
  /** It cannot start, and has ended itself; the message is one line. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "metrics-wanted"; readonly id: number }
  | { readonly kind: "metrics-given"; readonly id: number; readonly metrics: readonly MetricValues[] }

/** What the primary tells a worker. */
export type PrimaryMessage =
  | TurnMessage
  | BusMessage
  | { readonly kind: "give-metrics"; readonly id: number }
  | { readonly kind: "metrics"; readonly id: number; readonly processes: readonly (readonly MetricValues[])[] }
