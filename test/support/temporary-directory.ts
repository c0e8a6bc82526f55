import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const directories: string[] = []

process.once("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** Makes an empty directory that only we can read; it is removed, with all in it, when this process exits. */
export function makeTemporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "sepay-test-"))
  directories.push(directory)
  return directory
}
