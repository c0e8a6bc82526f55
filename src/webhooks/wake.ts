import { notify, type Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"

// PostgreSQL takes 8,000 bytes; told of more webhooks, a worker looks at all that is due instead.
const mostNamed = 200

/** Tells delivery workers, with the commit of `tx`, that these webhooks have work (contract/webhooks.md §7). */
export async function wakeWorkers(tx: Queries, webhookIds: readonly WebhookId[]): Promise<void> {
  if (webhookIds.length > 0) await notify(tx, "deliveries", webhookIds.length > mostNamed ? "" : webhookIds.join(","))
}

/** The webhooks that a message of `wakeWorkers` names; undefined: any may have work. */
export function readWake(message: string): readonly WebhookId[] | undefined {
  if (message === "") return undefined
  return message.split(",").map((id) => Number(id) as WebhookId)
}
