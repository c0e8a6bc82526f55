import type { Hole } from "./html-template.ts"
import { holesOf } from "./html-template.ts"

const markup: unique symbol = Symbol("markup")
const attributeList: unique symbol = Symbol("attributes")

/** Markup that is safe to send: only `html` and `raw` make it, and no JSON can pretend to be it. */
export interface Html {
  readonly [markup]: string
}

/** Whole attributes of one tag, made by `attributes`. */
export interface Attributes {
  readonly [attributeList]: string
}

/** What a template takes: text is escaped, Html is nested, arrays are joined, and absence is nothing. */
export type HtmlValue = Html | Attributes | string | number | false | null | undefined | readonly HtmlValue[]

/** Nothing, where a page has an optional piece. */
export const noHtml: Html = { [markup]: "" }

/**
 * Makes Html from a template; every interpolated text is escaped.
 *
 * A value may stand between elements, in a quoted attribute value or, as `attributes(…)`, between attributes. Where escaping
 * could not help (script, style, comments, event handlers, unquoted values) the template itself is refused.
 * @throws TypeError on such a template, or on a value that does not fit its place
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const holes = holesOf(strings)
  let text = strings[0] ?? ""
  for (let index = 0; index < values.length; index += 1) {
    text += fill(holes[index], values[index]) + (strings[index + 1] ?? "")
  }
  return { [markup]: text }
}

/** The text of a page, to be sent as it is. */
export function renderHtml(page: Html): string {
  return page[markup]
}

/** Takes text for markup without a check: only for text that we wrote ourselves, never for data. */
export function raw(text: string): Html {
  return { [markup]: text }
}

/**
 * Attributes that may be absent: `true` writes the bare name, `false` and `undefined` write nothing.
 * @throws TypeError on a name that is no plain attribute, or one that could carry script
 */
export function attributes(values: Readonly<Record<string, string | boolean | undefined>>): Attributes {
  let text = ""
  for (const [name, value] of Object.entries(values)) {
    if (!plainAttribute.test(name)) throw new TypeError(`html: attribute ${JSON.stringify(name)} is not allowed here`)
    if (value === undefined || value === false) continue
    text += value === true ? ` ${name}` : ` ${name}="${escapeText(value)}"`
  }
  return { [attributeList]: text }
}

const plainAttribute = /^(?!on|style$|src|href$|action$|formaction$)[a-z][a-z0-9-]*$/

function fill(hole: Hole | undefined, value: HtmlValue): string {
  if (hole === "element") return fillElement(value)
  if (hole === "attributes") return fillAttributes(value)
  if (typeof value !== "string" && typeof value !== "number") {
    throw new TypeError("html: an attribute value takes only text or a number; leave it out with attributes()")
  }
  const text = String(value)
  if (hole === "url" && !safeUrl.test(text)) return refusedUrl
  return escapeText(text)
}

function fillElement(value: HtmlValue): string {
  if (typeof value === "string") return escapeText(value)
  if (typeof value === "number") return String(value)
  if (value === null || value === undefined || value === false) return ""
  if (isList(value)) return value.map(fillElement).join("")
  if (markup in value) return value[markup]
  throw new TypeError("html: not something that can stand between elements")
}

function fillAttributes(value: HtmlValue): string {
  if (typeof value === "object" && value !== null && attributeList in value) return value[attributeList]
  throw new TypeError("html: between attributes only attributes() may stand")
}

// A link may be handed in by a stranger (an app's website): `javascript:` there would run as ours.
const safeUrl = /^(?:https?:\/\/|mailto:|[/?#])/i
const refusedUrl = "about:invalid"

const special = /[&<>"']/
const specials = /[&<>"']/g
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

function escapeText(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => entities[character] ?? "") : text
}

function isList(value: object): value is readonly HtmlValue[] {
  return Array.isArray(value)
}
