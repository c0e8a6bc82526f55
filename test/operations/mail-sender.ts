import { systemClock } from "../../src/clock.ts"
import { readConfig } from "../../src/config.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { createLog } from "../../src/log.ts"
import { createMailer } from "../../src/mail.ts"

// A process that sends what waits on the database of its environment, and ends.
const config = readConfig()
const db = await openDatabase({ url: config.databaseUrl })
const mail = createMailer({ config, clock: systemClock, log: createLog("error"), db })
process.stdout.write("ready\n")
process.stdin.once("data", async () => {
  await mail.sendDue()
  await mail.close(1000)
  await closeDatabase(db)
  process.exit(0)
})
