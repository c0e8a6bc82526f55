import type { FastifyInstance } from "fastify"

/** A form as it was sent: every name with all its values, in order. */
export type Form = ReadonlyMap<string, readonly string[]>

/** The body of a request was no form. */
export class NotAForm extends Error {
  override readonly name = "NotAForm"
}

/** Makes the scope read `application/x-www-form-urlencoded` bodies (charset allowed) up to `bodyLimit` bytes, and no other. */
export function acceptForms(scope: FastifyInstance, bodyLimit: number): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(
    /^application\/x-www-form-urlencoded\s*(;.*)?$/i,
    { parseAs: "string", bodyLimit },
    (_request, body, done) => done(null, parseForm(body as string)),
  )
  // Read as well, though in vain: a body's size is judged before its type (contract/oauth.md §6.2).
  scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, _body, done) => done(new NotAForm()))
}

/** Reads form-encoded text; a broken percent sequence reads as the replacement character, as browsers do. */
export function parseForm(text: string): Form {
  const form = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(text)) {
    const values = form.get(name)
    if (values === undefined) form.set(name, [value])
    else values.push(value)
  }
  return form
}

/** The value of a field sent once or more often: the last, as HTML forms with a hidden default mean it. */
export function formValue(form: Form, name: string): string | undefined {
  return form.get(name)?.at(-1)
}
