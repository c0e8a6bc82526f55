// The ceiling of deliveries: the same client, the same rendering and signing, the same headers, as many in flight; no
// queue, no database, and nothing is kept of the answers.
import { randomUUID } from "node:crypto"
import { BlockList } from "node:net"
import { systemClock } from "../src/clock.ts"
import { createOutbound } from "../src/outbound/guarded-request.ts"
import { type PostJob, payloadOf, signedPost } from "./signed-post.ts"

const allow = new BlockList()
allow.addSubnet("127.0.0.0", 8, "ipv4")
const outbound = createOutbound({ allow, deny: undefined, nat64: false, allowHttp: true })

async function postAll({ url, secret, references, atOnce }: PostJob): Promise<{ readonly done: number }> {
  let next = 0
  const post = async (): Promise<void> => {
    for (let reference = references[next++]; reference !== undefined; reference = references[next++]) {
      const stored = { payload: payloadOf(reference, next), eventUuid: randomUUID(), uuid: randomUUID() }
      const result = await outbound.request(signedPost(url, secret, stored, systemClock.now()))
      if (result.response?.status !== 200) throw new Error(`A POST of the ceiling failed: ${JSON.stringify(result)}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, post))
  return { done: references.length }
}

process.on("message", async (job: PostJob) => process.send?.(await postAll(job)))
process.on("disconnect", () => process.exit())
