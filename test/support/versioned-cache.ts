import { lstat, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Lists what a folder was filled with: machines that tidy the temporary directory take old files one by one. */
const LIST = "files.json"

/**
 * Returns a folder in the temporary directory that `fill` filled once for this name, which must carry a version.
 *
 * It appears whole or not at all: `fill` works beside it, and the result is renamed into place.
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const owner = process.getuid?.() ?? "user"
  const folder = join(tmpdir(), `${name}-${owner}`)
  if (await isWhole(folder)) return folder

  const draft = await mkdtemp(`${folder}-`)
  try {
    await fill(draft)
    await writeFile(join(draft, LIST), JSON.stringify(await readdir(draft, { recursive: true })))
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await isWhole(folder))) throw error // Otherwise another process was faster: its copy is as good.
  }
  return folder
}

async function isWhole(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined)
  if (found === undefined) return false
  // The name can be guessed, and what somebody else put there would be run as ours.
  const uid = process.getuid?.()
  if (!found.isDirectory() || (uid !== undefined && found.uid !== uid)) {
    throw new Error(`${folder} is not ours: remove it, or point TMPDIR elsewhere.`)
  }
  const list = await readFile(join(folder, LIST), "utf8").catch(() => "[null]")
  const present = new Set<unknown>(await readdir(folder, { recursive: true }))
  if ((JSON.parse(list) as unknown[]).every((path) => present.has(path))) return true
  await rm(folder, { recursive: true, force: true })
  return false
}
