import { type PostgresServer, startPostgres } from "./postgres.ts"
import { makePostgresTemplate, makeSqliteTemplate } from "./templates.ts"

let server: PostgresServer | undefined

/** Starts what all test files share; they find it through these variables, which the test runner hands on. */
export async function globalSetup(): Promise<void> {
  server = await startPostgres()
  process.env["TEST_POSTGRES_URL"] = server.url
  process.env["TEST_POSTGRES_TEMPLATE"] = await makePostgresTemplate()
  process.env["TEST_SQLITE_TEMPLATE"] = await makeSqliteTemplate()
}

export async function globalTeardown(): Promise<void> {
  await server?.stop()
}
