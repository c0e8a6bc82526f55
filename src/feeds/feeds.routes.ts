import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { answerOtherMethods } from "../http/other-methods.ts"
import { answerFeedErrors, FeedError, sendFeedError } from "./feed-error.hook.ts"
import { registerPushRoute } from "./push.routes.ts"
import { acceptRawBodies, createSignedCalls } from "./signed-call.hook.ts"
import { registerSimulationsRoute } from "./simulations.routes.ts"

/** Mounts the signed feed API at `/feeds/v1`, with its own error form (contract/feeds.md §4, §7). */
export function registerFeeds(app: FastifyInstance, context: Context): void {
  app.register(
    async (scope) => {
      answerFeedErrors(scope)
      acceptRawBodies(scope)
      const finish = answerOtherMethods(scope, (_request, reply, allow) =>
        sendFeedError(reply, new FeedError("method_not_allowed", "The path takes POST", { headers: { allow } })),
      )
      const calls = createSignedCalls(context)
      registerPushRoute(scope, context, calls)
      registerSimulationsRoute(scope, context, calls)
      finish()
    },
    { prefix: "/feeds/v1" },
  )
}
