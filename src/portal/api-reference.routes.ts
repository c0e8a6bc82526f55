import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import type { Html } from "../http/html.ts"
import { redirectTo, sendPage } from "../http/page-answer.ts"
import { loadSession } from "../identity/require-session.hook.ts"
import type { Language } from "../messages/catalogue.ts"
import type { ApiDocument } from "./api-document.ts"
import { apiReferenceContent, apiReferencePage } from "./api-reference.page.ts"
import { toApiReference } from "./api-reference-view.ts"

/** GET /docs/api: the API as a page, for everyone. `describeApi` gives the OpenAPI document as JSON text. */
export function apiReferenceRoutes(pages: FastifyInstance, context: Context, describeApi: () => Promise<string>): void {
  const written = new Map<Language, Html>()

  async function inLanguage(language: Language): Promise<Html> {
    const before = written.get(language)
    if (before !== undefined) return before
    const document = JSON.parse(await describeApi()) as ApiDocument
    const content = apiReferenceContent(toApiReference(document), language)
    written.set(language, content)
    return content
  }

  pages.get("/docs", (_request, reply) => redirectTo(reply, "/docs/api"))
  pages.get("/docs/api", { onRequest: loadSession(context) }, async (request, reply) => {
    const { language, session } = request
    return sendPage(reply, apiReferencePage({ language, user: session, content: await inLanguage(language) }))
  })
}
