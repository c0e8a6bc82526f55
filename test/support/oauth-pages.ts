import assert from "node:assert/strict"
import { type Answer, encodeForm, type FormFields, makeVisitor, readForm, type Visitor } from "./http.ts"

/** Signs a new visitor in by the sign-in form. */
export async function signIn(
  baseUrl: string,
  user: { readonly email: string; readonly password: string },
): Promise<Visitor> {
  const visitor = makeVisitor(baseUrl)
  const answer = await visitor.submit("/login", "/login", { email: user.email, password: user.password })
  assert.equal(answer.status, 303, answer.text)
  return visitor
}

/** Follows redirects within the site, signing in when asked to, until a page or another site. */
export async function follow(
  visitor: Visitor,
  start: string | URL,
  user?: { readonly email: string; readonly password: string },
): Promise<Answer> {
  let answer = await visitor.get(start)
  const { origin } = new URL(start, "http://localhost")
  for (let steps = 0; steps < 10; steps++) {
    if (answer.location === undefined && user !== undefined && answer.text.includes('action="/login"')) {
      const { email, password } = user
      answer = await visitor.postForm("/login", { ...readForm(answer.text, "/login"), email, password })
      assert.equal(answer.status, 303, answer.text)
    }
    if (answer.location === undefined || answer.location.origin !== origin) return answer
    answer = await visitor.get(answer.location)
  }
  throw new Error(`Ten redirects from ${start} and no end.`)
}

/** Where a client sends its user; a list gives the parameter several times. */
export function authorizeUrl(baseUrl: string, parameters: FormFields): string {
  return `${baseUrl}/oauth/authorize?${encodeForm({ response_type: "code", ...parameters })}`
}

/** Opens an authorization request that ends on the consent page, and returns the page. */
export async function openConsent(visitor: Visitor, url: string): Promise<Answer> {
  const page = await follow(visitor, url)
  assert.equal(page.status, 200, `${page.status} ${page.location ?? page.text}`)
  assert.match(page.text, /action="\/oauth\/consent"/)
  return page
}

/** Presses a button of the consent page; `changes` replaces what the form would send. */
export function decide(
  visitor: Visitor,
  page: Answer,
  decision: "approve" | "deny",
  changes: FormFields = {},
): Promise<Answer> {
  return visitor.postForm("/oauth/consent", { ...readForm(page.text, "/oauth/consent"), decision, ...changes })
}

/** A whole trip through the browser: request, sign-in if need be, consent if asked for; returns the redirect to the app. */
export async function authorize(
  visitor: Visitor,
  url: string,
  user?: { readonly email: string; readonly password: string },
  changes: FormFields = {},
): Promise<URL> {
  const end = await follow(visitor, url, user)
  const answer = end.location === undefined ? await decide(visitor, end, "approve", changes) : end
  assert.ok(answer.location !== undefined, `${answer.status} ${answer.text}`)
  return answer.location
}

/** The parameter of a redirect, which must be there. */
export function parameterOf(location: URL, name: string): string {
  const value = location.searchParams.get(name)
  assert.ok(value !== null, `${location} lacks ${name}`)
  return value
}
