import { AggregatorRegistry, Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client"

/** Counters and histograms of one process, in Prometheus terms. */
export interface Metrics {
  readonly registry: Registry
  /** The text of `/metrics`: of all processes of the instance together. */
  text(): Promise<string>
  readonly httpRequests: Counter<"surface" | "method" | "status">
  readonly httpDuration: Histogram<"surface">
  readonly tokensIssued: Counter<"grant_type">
  readonly tokenErrors: Counter<"error">
  readonly transactionsRecorded: Counter<"result">
  readonly webhookAttempts: Counter<"class">
  readonly webhookDuration: Histogram
  readonly requestLogDropped: Counter
}

/** The metrics of every process of the instance, each as prom-client's `getMetricsAsJSON` gives them. */
export type GatherMetrics = () => Promise<readonly (readonly object[])[]>

/** Makes the metrics of this process; `gather` asks its siblings too. */
export function createMetrics(gather?: GatherMetrics): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: "sepay_" })
  const registers = [registry]
  return {
    registry,
    text: async () => (gather === undefined ? registry : AggregatorRegistry.aggregate([...(await gather())])).metrics(),
    httpRequests: new Counter({
      name: "sepay_http_requests_total",
      help: "Answered HTTP requests.",
      labelNames: ["surface", "method", "status"],
      registers,
    }),
    httpDuration: new Histogram({
      name: "sepay_http_request_duration_seconds",
      help: "Time from request to answer.",
      labelNames: ["surface"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    tokensIssued: new Counter({
      name: "sepay_tokens_issued_total",
      help: "Token responses of status 200.",
      labelNames: ["grant_type"],
      registers,
    }),
    tokenErrors: new Counter({
      name: "sepay_token_errors_total",
      help: "Refused calls of the OAuth JSON endpoints, by error code.",
      labelNames: ["error"],
      registers,
    }),
    transactionsRecorded: new Counter({
      name: "sepay_observations_total",
      help: "Observations handed to recordTransaction, by result.",
      labelNames: ["result"],
      registers,
    }),
    webhookAttempts: new Counter({
      name: "sepay_webhook_attempts_total",
      help: "Calls of webhooks, by how they ended.",
      labelNames: ["class"],
      registers,
    }),
    webhookDuration: new Histogram({
      name: "sepay_webhook_duration_seconds",
      help: "Time from the start of a call to the end of its answer.",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    requestLogDropped: new Counter({
      name: "sepay_request_log_dropped_total",
      help: "Calls of apps that got no row in their request log, because the database could not keep up.",
      registers,
    }),
  }
}
