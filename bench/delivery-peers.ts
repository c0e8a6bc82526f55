import { makeWorkerUtils } from "graphile-worker"
import { Client } from "pg"
import { PgBoss } from "pg-boss"
import { createPostgresDatabase, dropPostgresDatabase } from "../test/support/postgres.ts"
import { inFlight, queueContestant, queueRoundOf } from "./delivery.ts"
import { type DeliveryGround, startDeliveryGround, webhookSecret } from "./delivery-ground.ts"
import { startAssistant } from "./pinned-process.ts"
import type { EngineName } from "./platform.ts"
import { compareRates, type Report } from "./result.ts"
import { alternate, type Contestant } from "./rounds.ts"
import { type PeerStart, type StoredPost, storedPost } from "./signed-post.ts"

const rounds = 3
// Less than `delivery` has: three take turns, on a server that commits to a disk.
const queued = 4000
const pgBossQueue = "deliveries"

/**
 * The work of `delivery` beside two queues of others, on the same PostgreSQL: each holds as many jobs, posts the same signed
 * bodies by the same client, and records them as done in its own way. They keep no log of attempts.
 */
export async function benchDeliveryPeers(engine: EngineName, report: Report): Promise<void> {
  if (engine !== "postgres") return
  const ground = await startDeliveryGround(engine, { DELIVERY_ENDPOINT_SLOTS: String(inFlight) })
  const peers: Peer[] = []
  try {
    await ground.addWebhook("/ours")
    const boss = await startPgBoss(ground)
    peers.push(boss)
    const graphile = await startGraphile(ground)
    peers.push(graphile)
    const ours = queueContestant(ground, "/ours", queued)
    const rates = await alternate(rounds, { ours, boss: boss.contestant, graphile: graphile.contestant })
    const shown = { name: "delivery-peers", unit: "deliveries/s", engine, target: null }
    report(compareRates({ ...shown, against: "pg-boss" }, rates.ours, rates.boss))
    report(compareRates({ ...shown, against: "graphile-worker" }, rates.ours, rates.graphile))
  } finally {
    for (const peer of peers) await peer.stop()
    await ground.stop()
  }
}

interface Peer {
  readonly contestant: Contestant
  stop(): Promise<void>
}

async function startPgBoss(ground: DeliveryGround): Promise<Peer> {
  const databaseUrl = await createPostgresDatabase()
  const boss = new PgBoss({ connectionString: databaseUrl, supervise: false, schedule: false })
  await boss.start()
  await boss.createQueue(pgBossQueue)
  return startPeer(ground, {
    ...{ databaseUrl, script: "peer-pg-boss", path: "/boss" },
    queue: async (posts) =>
      void (await boss.insert(
        pgBossQueue,
        posts.map((data) => ({ data })),
      )),
    unfinished: "select count(*) as count from pgboss.job where name = 'deliveries' and state < 'completed'",
    stop: () => boss.stop({ graceful: false }),
  })
}

async function startGraphile(ground: DeliveryGround): Promise<Peer> {
  const databaseUrl = await createPostgresDatabase()
  const utils = await makeWorkerUtils({ connectionString: databaseUrl })
  await utils.migrate()
  return startPeer(ground, {
    ...{ databaseUrl, script: "peer-graphile-worker", path: "/graphile" },
    queue: async (posts) => void (await utils.addJobs(posts.map((payload) => ({ identifier: "deliver", payload })))),
    unfinished: "select count(*) as count from graphile_worker.jobs",
    stop: async () => utils.release(),
  })
}

interface PeerParts {
  readonly databaseUrl: string
  readonly script: string
  readonly path: string
  /** Puts all of them in with one commit. */
  queue(posts: readonly StoredPost[]): Promise<void>
  /** Counts what it has not recorded as done. */
  readonly unfinished: string
  stop(): Promise<void>
}

async function startPeer({ receiver, receiverUrl }: DeliveryGround, parts: PeerParts): Promise<Peer> {
  const { databaseUrl, path, script } = parts
  const worker = startAssistant<PeerStart, { ready: true }>("measured", script)
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await worker.ask({ databaseUrl, url: `${receiverUrl}${path}`, secret: webhookSecret, atOnce: inFlight })
  const run = queueRoundOf({
    ...{ receiver, path, count: queued },
    queue: (references) => parts.queue(references.map((reference, index) => storedPost(reference, index + 1))),
  })
  return {
    contestant: {
      pid: worker.pid,
      run: async () => {
        const round = await run()
        while (Number((await client.query(parts.unfinished)).rows[0]?.count) > 0) {
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
        return round
      },
    },
    stop: async () => {
      await Promise.all([worker.stop(), client.end(), parts.stop()])
      await dropPostgresDatabase(databaseUrl)
    },
  }
}
