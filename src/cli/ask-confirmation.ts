import { createInterface } from "node:readline/promises"
import { UsageError } from "./command.ts"

/**
 * Asks whoever sits at a terminal to type a word before something that cannot be undone. A script is not asked: it has named what
 * it wants, and nobody would answer.
 *
 * @throws UsageError when something else is typed
 */
export async function confirmOnTerminal(warning: string, word: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const typed = await lines.question(`${warning}\nType ${word} to go on: `)
    if (typed.trim() !== word) throw new UsageError("Nothing was done.")
  } finally {
    lines.close()
  }
}
