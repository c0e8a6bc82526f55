import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { attributes, html, noHtml, raw, renderHtml } from "../../src/http/html.ts"

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</textarea><script>",
    "&lt;",
    "javascript:alert(1)",
    "' onfocus='alert(1)",
  ),
)

function unescapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" }
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_whole, name: string) => named[name] ?? "")
}

describe("the html template", () => {
  it("lets no interpolated text out of its place between elements", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [, inner = ""] = /^<p>([\s\S]*)<\/p>$/.exec(renderHtml(html`<p>${text}</p>`)) ?? []
        assert.doesNotMatch(inner, /[<>"']/)
        assert.equal(unescapeHtml(inner), text)
      }),
    )
  })

  it("lets no interpolated text out of a quoted attribute", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const page of [html`<input value="${text}">`, html`<input ${attributes({ value: text })}>`]) {
          const [, inner = ""] = /^<input +value="([^"]*)">$/.exec(renderHtml(page)) ?? ["", "\u0000missing"]
          assert.equal(unescapeHtml(inner), text)
        }
      }),
    )
  })

  it("lets only http, mailto and own addresses into a link", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.webUrl()), (text) => {
        const [, href = ""] = /href="([^"]*)"/.exec(renderHtml(html`<a href="${text}">x</a>`)) ?? []
        assert.match(unescapeHtml(href), /^(?:https?:\/\/|mailto:|[/?#]|about:invalid$)/i)
      }),
    )
    for (const text of [
      "javascript:alert(1)",
      " javascript:alert(1)",
      "JaVaScRiPt:1",
      "data:text/html,x",
      "\tjavascript:1",
    ]) {
      assert.equal(renderHtml(html`<a href="${text}">x</a>`), '<a href="about:invalid">x</a>')
    }
  })

  it("nests markup, joins lists and leaves absence out", () => {
    const items = ["a", "<b>"].map((text) => html`<li>${text}</li>`)
    const page = html`<ul>${items}${null}${undefined}${false}${noHtml}${3}${raw("<hr>")}</ul>`
    assert.equal(renderHtml(page), "<ul><li>a</li><li>&lt;b&gt;</li>3<hr></ul>")
  })

  it("refuses templates in which escaping could not help", () => {
    const text = "x"
    for (const make of [
      () => html`<script>${text}</script>`,
      () => html`<style>${text}</style>`,
      () => html`<p onclick="${text}"></p>`,
      () => html`<p class=${text}></p>`,
      () => html`<!-- ${text} -->`,
      () => html`<p style="${text}"></p>`,
      () => html`<p ${text}></p>`,
      () => attributes({ onclick: "x" }),
      () => attributes({ href: "javascript:1" }),
    ]) {
      assert.throws(make, TypeError, String(make))
    }
  })

  it("takes no look-alike for markup", () => {
    const fake = JSON.parse('{"markup":"<script>"}')
    assert.throws(() => html`<p>${fake}</p>`, TypeError)
  })
})
