import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { type BegunImport, deleteImport, markAbandoned, selectAbandonedImports } from "./imports.store.ts"
import { deleteStagedLines } from "./staging.store.ts"

const abandonedAfterMs = 10 * 60_000
// Small, so that others can write in between.
const linesAtOnce = 2000

/**
 * Removes what imports left behind whose process died: a file that was being read leaves nothing, an ended one its staged
 * lines (contract/feeds.md §5.1). A reading that moved within ten minutes is taken to be at work.
 */
export async function sweepStagedImports(db: Database, now: Instant): Promise<void> {
  for (const { state, ...begun } of await selectAbandonedImports(db, instantAfter(now, -abandonedAfterMs))) {
    if (state === "staging" || state === "abandoned") await discardImport(db, begun)
    else await deleteStaged(db, begun)
  }
}

/** Deletes the staged lines of an import, a few at a time. */
export async function deleteStaged(db: Database, { importId }: BegunImport): Promise<void> {
  while (await transaction(db, (tx) => deleteStagedLines(tx, importId, linesAtOnce)));
}

/** Forgets an import that recorded nothing, with its bytes. */
export async function discardImport(db: Database, begun: BegunImport): Promise<void> {
  // Marked first: one thought dead may still be at work, and must then not record what is left of its lines.
  if (!(await transaction(db, (tx) => markAbandoned(tx, begun.importId)))) return
  await deleteStaged(db, begun)
  await transaction(db, (tx) => deleteImport(tx, begun))
}
