import { existsSync } from "node:fs"
import { open, rename, rm } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { type Config, loadEnvironmentFile, readConfig } from "../config.ts"
import { Refusal } from "../refusal.ts"
import type { Command, Outcome } from "./command.ts"

/** `./sepay backup`. */
export const backup: Command = {
  name: "backup",
  summary: "Makes a consistent copy while the platform runs (SQLite), or tells how (PostgreSQL)",
  positionals: [{ value: "FILE", help: "where the copy goes" }],
  options: { force: { kind: "flag", help: "Replaces a file that is there already" } },
  run: async (input) => {
    const file = input.positional(0)
    loadEnvironmentFile()
    const config = readConfig()
    if (existsSync(file) && !input.flag("force")) {
      throw new Refusal("conflict", `${file} is there already: give another name, or --force.`)
    }
    const { closeDatabase, openDatabase } = await import("../database/open-database.ts")
    checkSource(config)
    const db = await openDatabase({ url: config.databaseUrl, poolSize: 1 })
    try {
      // Under another name until it is known to be whole: a backup that is there is one that can be used.
      const draft = `${file}.part`
      if (db.engine.name === "sqlite") await makeEmpty(draft)
      const result = await db.engine.backup(db.engine.name === "sqlite" ? draft : file)
      if (result.kind === "command") return { json: { command: result.command }, text: result.command }
      return await keep(draft, file, config)
    } finally {
      await closeDatabase(db)
    }
  },
}

// Opening would make an empty database, and its copy would look like a backup.
function checkSource({ databaseUrl }: Config): void {
  const source = databaseUrl.replace(/^sqlite:/, "")
  if (source !== databaseUrl && !existsSync(source)) throw new Refusal("not_found", `There is no database ${source}.`)
}

// Made before anything is in it, so that no moment shows the content to others.
async function makeEmpty(file: string): Promise<void> {
  await rm(file, { force: true })
  await (await open(file, "wx", 0o600)).close()
}

async function keep(draft: string, file: string, config: Config): Promise<Outcome> {
  const { findBackupProblem } = await import("../database/verify-backup.ts")
  const problem = findBackupProblem(draft)
  if (problem !== undefined) {
    await rm(draft, { force: true })
    throw new Refusal("unavailable", `The copy is damaged and was removed (${problem}): see ./sepay doctor.`)
  }
  const size = await syncFile(draft)
  await rename(draft, file)
  await syncFile(dirname(resolve(file)))
  const key = (process.env["SEPAY_SECRET"] ?? "") === "" ? `${config.dataDirectory}/secret.key` : "SEPAY_SECRET"
  const advice = `Keep ${key} too, at another place: without it, sealed secrets and all tokens are lost.`
  return {
    json: { file, bytes: size, integrity: "ok", keep_too: key },
    text: `Copied ${size} bytes to ${file}; integrity check passed.\n${advice}`,
  }
}

async function syncFile(path: string): Promise<number> {
  const handle = await open(path, "r")
  try {
    await handle.sync()
    return (await handle.stat()).size
  } finally {
    await handle.close()
  }
}
