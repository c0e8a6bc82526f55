import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { renderHtml } from "../../src/http/html.ts"
import type { ApiDocument } from "../../src/portal/api-document.ts"
import { apiReferenceContent } from "../../src/portal/api-reference.page.ts"
import { toApiReference } from "../../src/portal/api-reference-view.ts"
import { curlSample } from "../../src/portal/curl-sample.ts"
import { describeValue, toSchemaRows } from "../../src/portal/schema-rows.ts"
import { startApp, type TestApp } from "../support/app.ts"
import { onSqlite } from "../support/engines.ts"
import { makeVisitor, type Visitor } from "../support/http.ts"

const empty: ApiDocument = { info: { title: "T", version: "1" }, paths: {} }

onSqlite((engine) => {
  let app: TestApp
  let visitor: Visitor
  before(async () => {
    app = await startApp({ databaseUrl: engine.databaseUrl() })
    visitor = makeVisitor(app.url)
  })
  after(() => app.stop())

  describe("/docs/api", () => {
    it("is where /docs leads", async () => {
      const answer = await visitor.get("/docs")
      assert.equal(answer.status, 302)
      assert.equal(answer.location?.pathname, "/docs/api")
    })

    it("shows every operation of the served document, with path, scope and permission, linked from the contents", async () => {
      const document = (await visitor.get("/api/v1/openapi.json")).json<ApiDocument>()
      const { text, status } = await visitor.get("/docs/api")
      assert.equal(status, 200)
      const operations = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
      )
      const articles = text.split("<article").slice(1)
      assert.equal(articles.length, operations.length)
      assert.ok(operations.length >= 9)
      for (const { path, method, operation } of operations) {
        const article = articles.find(
          (one) => one.includes(`>${path}</code>`) && one.includes(`data-method="${method}"`),
        )
        assert.ok(article !== undefined, `${method} ${path}`)
        const anchor = /id="([^"]+)"/.exec(article)?.[1]
        assert.ok(text.includes(`href="#${anchor}"`), `${path} is in the contents`)
        assert.ok(article.includes(`<code>${operation["x-scope"]}</code>`))
        const permission = operation["x-permission"] ?? undefined
        if (permission !== undefined) assert.ok(article.includes(`<code>${permission}</code>`), permission)
        for (const { name } of operation.parameters ?? []) assert.ok(article.includes(`>${name}</code>`), name)
        assert.ok(article.includes("curl "))
      }
    })

    it("speaks both languages around the document's words, to whoever is signed in or not", async () => {
      const vietnamese = (await visitor.get("/docs/api", { "accept-language": "vi" })).text
      const english = (await visitor.get("/docs/api?lang=en")).text
      assert.match(vietnamese, /<html lang="vi"[\s\S]*<h4>Tham số<\/h4>[\s\S]*Transactions of the grant/)
      assert.match(english, /<html lang="en"[\s\S]*<h4>Parameters<\/h4>[\s\S]*Transactions of the grant/)
    })
  })
})

describe("the reference", () => {
  it("escapes whatever the document holds", () => {
    const evil = "<script>alert(1)</script>"
    const operation = { summary: evil, description: evil, responses: { 200: { description: evil } }, "x-scope": evil }
    const page = renderHtml(
      apiReferenceContent(toApiReference({ ...empty, paths: { [`/${evil}`]: { get: operation } } }), "en"),
    )
    assert.ok(page.includes("&lt;script&gt;"))
    assert.ok(!page.includes("<script"))
  })

  it("says so when there is nothing", () => {
    assert.match(renderHtml(apiReferenceContent(toApiReference(empty), "en")), /The document has no operations/)
  })
})

describe("a schema laid out flat", () => {
  it("names lists, objects in them, nullable values, choices and open maps", () => {
    const rows = toSchemaRows(
      {
        type: "object",
        required: ["data"],
        properties: {
          data: {
            type: "array",
            items: {
              type: "object",
              properties: {
                kind: { anyOf: [{ type: "string", enum: ["in", "out"] }, { type: "null" }] },
                note: { type: ["string", "null"], description: "Why." },
              },
            },
          },
          errors: { type: "object", additionalProperties: { type: "array", items: { type: "string" } } },
        },
      },
      empty,
    )
    assert.deepEqual(
      rows.map(({ path, type, required }) => [path.join("."), type, required]),
      [
        ["data", "object[]", true],
        ["data[].kind", "string | null", false],
        ["data[].note", "string | null", false],
        ["errors", "object", false],
        ["errors.*", "string[]", false],
      ],
    )
    assert.deepEqual(rows[1]?.limits.values, ['"in"', '"out"'])
    assert.equal(rows[2]?.description, "Why.")
  })

  it("follows references, also of a schema that holds itself, to an end", () => {
    const node = { type: "object", properties: { next: { $ref: "#/components/schemas/Node" } } }
    const document = { ...empty, components: { schemas: { Node: node } } }
    const rows = toSchemaRows({ $ref: "#/components/schemas/Node" }, document)
    assert.ok(rows.length > 1 && rows.length < 20)
    assert.deepEqual(rows[1]?.path, ["next", "next"])
  })

  it("shows limits that somebody chose, and not the ends of a number", () => {
    const { type, limits } = describeValue(
      { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 1 },
      empty,
    )
    assert.deepEqual([type, limits.minimum, limits.maximum, limits.byDefault], ["integer", 0, undefined, "1"])
  })
})

describe("the curl sample", () => {
  it("is quoted for a shell, and leaves ids and the token to fill in", () => {
    const content = { "application/json": { example: { name: "l'eau" } } }
    const operation = { responses: {}, requestBody: { content } }
    assert.equal(
      curlSample({ method: "patch", path: "/x/{id}", anchor: "x", operation }, "https://my.sepay.vn"),
      [
        "curl -X PATCH 'https://my.sepay.vn/x/ID' \\",
        "  -H 'Authorization: Bearer ACCESS_TOKEN' \\",
        "  -H 'Content-Type: application/json' \\",
        `  -d '{"name":"l'\\''eau"}'`,
      ].join("\n"),
    )
  })
})
