import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { addFeed, type FeedWithSecret, getCallingFeed, listFeeds, rollSecret, setFeedActive } from "../../feeds/feed.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../identity/form-once.ts"
import { requireAdministrator, requireForm, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import type { FeedId } from "../../ids.ts"
import { addFeedPage, feedPage, feedSecretPage, feedsPage, rollFeedPage } from "./feeds.page.ts"
import { done, fieldOf, frameOf, isRefused, managerOf, pathId, queryText, refusedFields } from "./page-request.hook.ts"

const root = "/bank-accounts/feeds"

/** The feeds of a company: list, create, on and off, roll the secret. A secret is shown in the answer that makes it. */
export function feedRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock, config } = context
  const onRequest = requireSession(context)
  const administrator = { onRequest, preHandler: requireAdministrator() }
  const change = { onRequest, preHandler: [requireAdministrator(), requireForm(context)] }
  const makeSecret = secretMaker(context)

  pages.get(root, administrator, async (request, reply) => {
    const feeds = await listFeeds(db, managerOf(request).companyId)
    return sendPage(reply, feedsPage({ ...frameOf(request), feeds }))
  })

  pages.get(`${root}/new`, administrator, (request, reply) => sendAddForm(request, reply, []))

  pages.post(`${root}/new`, change, async (request, reply) => {
    const kind = fieldOf(request, "kind") === "simulator" ? "simulator" : "push"
    const draft = { name: fieldOf(request, "name"), kind, test: fieldOf(request, "mode") === "test" } as const
    try {
      return await makeSecret(request, reply, (tx) =>
        addFeed(tx, clock.now(), config.keyring, { ...draft, ...managerOf(request) }),
      )
    } catch (error) {
      const wrong = refusedFields(error)
      if (wrong === undefined) throw error
      return sendAddForm(request, reply, Object.keys(wrong))
    }
  })

  pages.get(`${root}/:id`, administrator, async (request, reply) => {
    const code = queryText(request, "done")
    const found = await findFeed(context, request)
    const endpoint = endpointOf(context, found.feed.kind)
    const said = code === "switched" || code === "shown" ? code : undefined
    return sendPage(reply, feedPage({ ...frameOf(request), ...found, endpoint, done: said }))
  })

  pages.get(`${root}/:id/roll`, administrator, async (request, reply) => {
    const { feed, isRolling } = await findFeed(context, request)
    if (isRolling) return redirectTo(reply, `${root}/${feed.id}`)
    return sendPage(reply, rollFeedPage({ ...frameOf(request), feed, formKey: newFormKey() }))
  })

  pages.post(`${root}/:id/roll`, change, async (request, reply) => {
    const feedId = pathId(request, "id") as FeedId
    try {
      return await makeSecret(request, reply, (tx) =>
        rollSecret(tx, clock.now(), config.keyring, { ...managerOf(request), feedId }),
      )
    } catch (error) {
      // Another tab was faster; its page says that a roll is under way.
      if (isRefused(error, "conflict")) return redirectTo(reply, `${root}/${feedId}`)
      throw error
    }
  })

  for (const [verb, active] of [
    ["on", true],
    ["off", false],
  ] as const) {
    pages.post(`${root}/:id/${verb}`, change, async (request, reply) => {
      const feedId = pathId(request, "id") as FeedId
      await setFeedActive(db, clock.now(), { ...managerOf(request), feedId, active })
      return done(reply, `${root}/${feedId}`, "switched")
    })
  }
}

type Tx = Parameters<Parameters<typeof onceOnly>[2]>[0]

/** Does what makes a secret, once a form, and answers with the secret; a form sent again leads to the feed instead. */
function secretMaker(context: Context) {
  const { db, clock } = context
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    make: (tx: Tx) => Promise<FeedWithSecret>,
  ): Promise<FastifyReply> => {
    let made: FeedWithSecret | undefined
    const sent = { userId: sessionOf(request).userId, formKey: fieldOf(request, "form_key"), now: clock.now() }
    const { ledTo, again } = await onceOnly(db, sent, async (tx) => {
      made = await make(tx)
      return `${root}/${made.id}`
    })
    if (again || made === undefined) return done(reply, ledTo, "shown")
    const { feed } = await getCallingFeed(db, clock.now(), {
      companyId: sessionOf(request).companyId,
      feedId: made.id,
    })
    const endpoint = endpointOf(context, feed.kind)
    return sendPage(reply, feedSecretPage({ ...frameOf(request), ...made, endpoint }))
  }
}

function endpointOf({ config }: Context, kind: string): string {
  return `${config.url}/feeds/v1/${kind === "simulator" ? "simulations" : "transactions"}`
}

function findFeed({ db, clock }: Context, request: FastifyRequest) {
  const { companyId } = sessionOf(request)
  return getCallingFeed(db, clock.now(), { companyId, feedId: pathId(request, "id") })
}

function sendAddForm(request: FastifyRequest, reply: FastifyReply, wrong: readonly string[]): FastifyReply {
  const field = (name: string) => fieldOf(request, name)
  const form = { name: field("name"), kind: field("kind") || "push", mode: field("mode") || "live" }
  const page = addFeedPage({ ...frameOf(request), formKey: newFormKey(), form, wrong: new Set(wrong) })
  return sendPage(reply, page, wrong.length > 0 ? 400 : 200)
}
