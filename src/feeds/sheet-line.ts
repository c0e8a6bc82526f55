import { Refusal } from "../refusal.ts"

/** Lets workbooks be read one at a time in a process; the others wait in line, in the order they came. */
export interface SheetLine {
  /**
   * @param owner whose workbook it is; of one owner only a few may wait. Undefined: nobody else's, at the command line
   * @throws Refusal too_many, when the line, or the owner's part of it, is full
   */
  run<T>(owner: number | undefined, read: () => Promise<T>): Promise<T>
}

const mostOfOwner = 3
const mostWaiting = 10
const retryAfterSeconds = 10

/** Makes the line of a process: a workbook takes hundreds of megabytes for a moment, and a crowd of them would take all. */
export function createSheetLine(): SheetLine {
  const line: (() => void)[] = []
  const owned = new Map<number | undefined, number>()
  let isBusy = false

  function count(owner: number | undefined, by: number): void {
    const left = (owned.get(owner) ?? 0) + by
    if (left === 0) owned.delete(owner)
    else owned.set(owner, left)
  }

  async function enter(owner: number | undefined): Promise<void> {
    const isOwnersFull = owner !== undefined && (owned.get(owner) ?? 0) >= mostOfOwner
    if (isOwnersFull || line.length >= mostWaiting) {
      throw new Refusal("too_many", "Too many workbooks are being read.", { retryAfterSeconds })
    }
    count(owner, 1)
    if (!isBusy) isBusy = true
    else await new Promise<void>((resolve) => line.push(resolve))
  }

  function leave(owner: number | undefined): void {
    count(owner, -1)
    const next = line.shift()
    if (next === undefined) isBusy = false
    else next()
  }

  return {
    run: async (owner, read) => {
      await enter(owner)
      try {
        return await read()
      } finally {
        leave(owner)
      }
    },
  }
}
