/** What a result of the feed API can carry, whatever its kind. */
interface WireInput {
  readonly sourceId: string | null
  readonly result: {
    readonly kind: string
    readonly reason?: string
    readonly message?: string
    readonly transactionId?: number
    readonly transactionUuid?: string
  }
}

/** Answer of a call that was taken, item by item in the order of the array (contract/feeds.md §4). */
export function toIngestBody(items: readonly WireInput[]): string {
  const counts: Record<string, number> = {}
  const results = items.map(({ sourceId, result }, index) => {
    counts[result.kind] = (counts[result.kind] ?? 0) + 1
    return {
      index,
      source_id: sourceId,
      result: result.kind,
      transaction_id: result.transactionId,
      transaction_uuid: result.transactionUuid,
      reason: result.reason,
      message: result.message,
    }
  })
  return JSON.stringify({ status: "success", data: { results, counts } })
}
