// The ceiling of deliveries: the same client, the same rendering and signing, the same headers, as many in flight; no
// queue, no database, and nothing is kept of the answers.
import { createLoopbackPoster, type PostJob, storedPost } from "./signed-post.ts"

async function postAll({ url, secret, references, atOnce }: PostJob): Promise<{ readonly done: number }> {
  const post = createLoopbackPoster(url, secret)
  let next = 0
  const postOn = async (): Promise<void> => {
    for (let reference = references[next++]; reference !== undefined; reference = references[next++]) {
      await post(storedPost(reference, next))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, postOn))
  return { done: references.length }
}

process.on("message", async (job: PostJob) => process.send?.(await postAll(job)))
process.on("disconnect", () => process.exit())
