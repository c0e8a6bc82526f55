import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { deleteUpload, lockUpload, selectIdleUploads, type UploadState } from "./uploads.store.ts"

const hourMs = 3_600_000
const keptMs = 24 * hourMs
// One row may come with twenty megabytes.
const atOnce = 20
const resting: readonly UploadState[] = ["received", "checking", "checked", "importing", "imported", "failed"]

/**
 * Forgets uploads that nobody went on with for a day, and those that broke off while they came in, for an hour: also what a
 * process left that died.
 *
 * @returns how many
 */
export async function sweepUploads(db: Database, now: Instant): Promise<number> {
  const broken = { before: instantAfter(now, -hourMs), states: ["receiving"] as const, most: atOnce }
  const left = { before: instantAfter(now, -keptMs), states: resting, most: atOnce }
  let count = 0
  for (const idle of [broken, left]) {
    for (const id of await selectIdleUploads(db, idle)) {
      count += await transaction(db, async (tx) => {
        // Asked again under the lock: somebody may just have come back to it.
        const upload = await lockUpload(tx, id)
        if (upload === undefined || upload.progressAt >= idle.before) return 0
        await deleteUpload(tx, id)
        return 1
      })
    }
  }
  return count
}
