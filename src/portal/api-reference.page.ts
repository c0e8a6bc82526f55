import { attributes, type Html, type HtmlValue, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { apiReferenceMessages } from "../messages/portal.ts"
import {
  type ApiContent,
  type ApiDocument,
  type ApiOperation,
  type ApiParameter,
  groupOperations,
  type ListedOperation,
  type OperationGroup,
} from "./api-document.ts"
import { curlSample } from "./curl-sample.ts"
import { describeValue, type SchemaLimits, type SchemaRow, toSchemaRows } from "./schema-rows.ts"

/** The reference inside the frame of whoever reads it. */
export function apiReferencePage(data: {
  readonly language: Language
  readonly user: FrameUser | undefined
  readonly content: Html
}): Html {
  const { language, user, content } = data
  const title = speak(apiReferenceMessages, language).title
  return layout({ language, title, user, current: "api-reference", shape: "reference" }, content)
}

/** The reference from an OpenAPI 3.1 document. The document's own words stay English. */
export function apiReference(document: ApiDocument, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  const groups = groupOperations(document)
  const { title, version, description } = document.info
  const baseUrl = document.servers?.[0]?.url ?? ""
  return html`<header class="stack"><h1 lang="en">${title}</h1>
${description === undefined ? noHtml : html`<p class="lead" lang="en">${description}</p>`}
<dl class="facts">${fact(words.version, version)}${fact(words.baseUrl, html`<code class="break">${baseUrl}</code>`)}</dl>
<p class="actions"><a class="button plain" href="/api/v1/openapi.json">${words.download}</a></p></header>
<div class="reference">
<nav class="reference-nav" aria-labelledby="contents"><p id="contents" class="nav-title">${words.contents}</p>${groups.map(groupLinks)}
<ul><li><a href="#errors">${words.errors}</a></li></ul></nav>
<div class="reference-body">
${groups.length === 0 ? html`<p>${words.empty}</p>` : groups.map((group) => groupSection(group, { document, language, baseUrl }))}
${errorSection(document, language)}</div></div>`
}

interface Place {
  readonly document: ApiDocument
  readonly language: Language
  readonly baseUrl: string
}

function groupLinks({ name, operations }: OperationGroup): Html {
  return html`<p class="nav-group" lang="en">${name}</p><ul>${operations.map(
    ({ method, path, anchor }) =>
      html`<li><a href="${`#${anchor}`}">${badge(method)}<span class="nav-path">${shortPath(path)}</span></a></li>`,
  )}</ul>`
}

function groupSection(group: OperationGroup, place: Place): Html {
  return html`<section class="stack" aria-labelledby="${group.anchor}"><h2 id="${group.anchor}"><code>${group.name}</code></h2>${
    group.description === undefined ? noHtml : html`<p class="soft" lang="en">${group.description}</p>`
  }${group.operations.map((one) => operationCard(one, place))}</section>`
}

function operationCard(listed: ListedOperation, place: Place): Html {
  const { method, path, anchor, operation } = listed
  const words = speak(apiReferenceMessages, place.language)
  const [good, ...others] = Object.entries(operation.responses)
  return html`<article class="card operation" id="${anchor}"><h3 lang="en">${operation.summary ?? path}</h3>
<p class="endpoint">${badge(method)}<code class="break">${path}</code>${
    operation.deprecated === true ? html`<span class="badge warn">${words.deprecated}</span>` : noHtml
  }</p>
${operation.description === undefined ? noHtml : html`<p lang="en">${operation.description}</p>`}
${gates(operation, place.language)}
${parameterTable(operation.parameters ?? [], place)}
${operation.requestBody === undefined ? noHtml : html`<h4>${words.requestBody}</h4>${bodyTable(operation.requestBody.content, "sent", place)}`}
<h4>${words.sample}</h4><pre><code>${curlSample(listed, place.baseUrl)}</code></pre>
${good === undefined ? noHtml : html`<h4>${words.response(good[0])}</h4>${bodyTable(good[1].content ?? {}, "answered", place)}`}
${others.length === 0 ? noHtml : otherAnswers(others, place.language)}</article>`
}

function gates(operation: ApiOperation, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  const scope = operation["x-scope"] ?? undefined
  const permission = operation["x-permission"] ?? undefined
  const roles = operation["x-role"] ?? []
  if (scope === undefined) return noHtml
  return html`<dl class="facts">${fact(words.scope, html`<code>${scope}</code>`)}${
    permission === undefined ? noHtml : fact(words.permission, html`<code>${permission}</code>`)
  }${roles.length === 0 ? noHtml : fact(words.role, roles.join(", "))}</dl>`
}

function parameterTable(parameters: readonly ApiParameter[], place: Place): Html {
  if (parameters.length === 0) return noHtml
  const words = speak(apiReferenceMessages, place.language)
  const places = { path: words.inPath, query: words.inQuery, header: words.inHeader, cookie: words.inCookie }
  const rows = parameters.map((parameter) => {
    const { type, limits } = describeValue(parameter.schema ?? {}, place.document)
    const { name, required = false, description } = parameter
    return { path: [name], type: `${type}, ${places[parameter.in]}`, required, description, limits }
  })
  return html`<h4>${words.parameters}</h4>${fieldTable(rows, "sent", place.language)}`
}

/** Whose words a body is: what must be sent is marked, and what may be missing from an answer. */
type Direction = "sent" | "answered"

function bodyTable(content: ApiContent, direction: Direction, { document, language }: Place): Html {
  const words = speak(apiReferenceMessages, language)
  const [first] = Object.values(content)
  if (first === undefined) return html`<p class="soft">${words.noBody}</p>`
  const rows = first.schema === undefined ? [] : toSchemaRows(first.schema, document)
  return html`${rows.length === 0 ? noHtml : fieldTable(rows, direction, language)}${
    first.example === undefined
      ? noHtml
      : html`<h5>${words.example}</h5><pre lang="en"><code>${JSON.stringify(first.example, undefined, 2)}</code></pre>`
  }`
}

function fieldTable(rows: readonly SchemaRow[], direction: Direction, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  return html`<table class="fields"><thead><tr><th scope="col">${words.field}</th><th scope="col">${words.meaning}</th></tr></thead>
<tbody>${rows.map((row) => fieldLine(row, direction, language))}</tbody></table>`
}

function fieldLine(
  { path, type, required, description, limits }: SchemaRow,
  direction: Direction,
  language: Language,
): Html {
  const words = speak(apiReferenceMessages, language)
  const marks = { sent: required ? words.required : "", answered: required ? "" : words.mayBeAbsent }
  const depth = path.length - 1
  // The eye sees the place by the indent; whoever listens hears the whole name.
  const outer = depth === 0 ? noHtml : html`<span class="unseen">${path.slice(0, -1).join(".")}.</span>`
  return html`<tr><th scope="row" data-depth="${Math.min(depth, 4)}"><code class="break">${outer}${path[depth] ?? ""}</code><span class="type">${type}${
    marks[direction] === "" ? noHtml : html` · <strong>${marks[direction]}</strong>`
  }</span></th><td>${description === undefined ? noHtml : html`<p lang="en">${description}</p>`}${limitLines(limits, language)}</td></tr>`
}

function limitLines({ values, minimum, maximum, pattern, byDefault }: SchemaLimits, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  const line = (name: string, ...codes: readonly string[]) =>
    html`<p class="soft small">${name} ${codes.map((code, index) => html`${index === 0 ? "" : ", "}<code class="break">${code}</code>`)}</p>`
  return html`${values.length === 0 ? noHtml : line(values.length === 1 ? words.always : words.oneOf, ...values)}${
    minimum === undefined ? noHtml : line(words.atLeast, String(minimum))
  }${maximum === undefined ? noHtml : line(words.atMost, String(maximum))}${
    pattern === undefined ? noHtml : line(words.pattern, pattern)
  }${byDefault === undefined ? noHtml : line(words.byDefault, byDefault)}`
}

function otherAnswers(answers: readonly [string, { readonly description: string }][], language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  return html`<details><summary>${words.otherAnswers}</summary><dl class="facts">${answers.map(
    ([status, { description }]) => fact(html`<code>${status}</code>`, html`<span lang="en">${description}</span>`),
  )}</dl></details>`
}

function errorSection(document: ApiDocument, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  const schema = document.components?.schemas?.["Error"]
  return html`<section class="stack" aria-labelledby="errors"><h2 id="errors">${words.errors}</h2><p class="soft">${words.errorsNote}</p>${
    schema === undefined
      ? noHtml
      : html`<div class="card">${fieldTable(toSchemaRows(schema, document), "answered", language)}</div>`
  }</section>`
}

function badge(method: string): Html {
  return html`<span class="method" ${attributes({ "data-method": method })}>${method.toUpperCase()}</span>`
}

function fact(name: HtmlValue, value: HtmlValue): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

function shortPath(path: string): string {
  return path.replace(/^\/api\/v1/, "")
}
