import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { chooseLanguage, isLanguage, type Language } from "../messages/catalogue.ts"
import { cookieName, formatCookie, readCookie } from "./cookies.ts"
import { type Form, formValue } from "./form-body.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** The language that the answer's page speaks. */
    language: Language
  }
}

const yearSeconds = 365 * 24 * 3600

/**
 * Gives each request its language: `ui_locales`, then `lang` of the query (kept in a cookie for a year), then the user's
 * setting (see `requestLanguage`), then `Accept-Language`, then Vietnamese (contract/oauth.md §5).
 */
export function chooseLanguages(scope: FastifyInstance, secure: boolean): void {
  scope.decorateRequest("language", "vi")
  scope.addHook("onRequest", (request, reply, done) => {
    request.language = requestLanguage(request, secure, undefined)
    const asked = queryValue(request, "lang")
    if (isLanguage(asked)) {
      keepLanguage(reply, asked, secure)
    }
    done()
  })
}

/** Has the browser keep a language that its reader chose. */
export function keepLanguage(reply: FastifyReply, language: Language, secure: boolean): void {
  const cookie = { name: "sepay_language", value: language, maxAgeSeconds: yearSeconds, secure }
  reply.header("set-cookie", formatCookie(cookie))
}

/** The language of a request once the user's setting is known. */
export function requestLanguage(request: FastifyRequest, secure: boolean, userSetting: Language | undefined): Language {
  const asked = queryValue(request, "lang")
  const kept = readCookie(request.headers.cookie, cookieName("sepay_language", secure))
  return chooseLanguage({
    uiLocales: queryValue(request, "ui_locales"),
    userSetting: [asked, kept].find(isLanguage) ?? userSetting,
    acceptLanguage: request.headers["accept-language"],
  })
}

/** The query of a page without `lang`, for its language switch. */
export function queryOfPage(request: FastifyRequest): string {
  const query = new URLSearchParams(request.url.split("?")[1])
  query.delete("lang")
  return query.toString()
}

/** The language that the reader chose on this very page, by its switch or by the form that was on it. */
export function languageOfPage(request: FastifyRequest, form: Form): Language | undefined {
  return [queryValue(request, "lang"), formValue(form, "lang")].find(isLanguage)
}

function queryValue(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, unknown> | undefined)?.[name]
  return typeof value === "string" ? value : undefined
}
