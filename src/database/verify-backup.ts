import { DatabaseSync } from "node:sqlite"

/** Makes a copy one file that is complete in itself, and tells why it is no whole database, or undefined. */
export function findBackupProblem(file: string): string | undefined {
  try {
    using connection = new DatabaseSync(file)
    connection.exec("pragma journal_mode = delete")
    const rows = connection.prepare("pragma integrity_check").all()
    const result = String(rows[0]?.["integrity_check"])
    return result === "ok" ? undefined : result
  } catch (error) {
    return (error as Error).message
  }
}
