import { attributes, type Html, type HtmlValue, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { apiReferenceMessages } from "../messages/portal.ts"
import type {
  ApiReference,
  ReferenceBody,
  ReferenceGroup,
  ReferenceOperation,
  ReferenceParameter,
} from "./api-reference-view.ts"
import type { SchemaLimits, SchemaRow } from "./schema-rows.ts"

/** The reference inside the frame of whoever reads it. */
export function apiReferencePage(data: {
  readonly language: Language
  readonly user: FrameUser | undefined
  readonly content: Html
}): Html {
  const { language, user, content } = data
  const { title } = speak(apiReferenceMessages, language)
  return layout({ language, title, user, current: "api-reference", shape: "reference" }, content)
}

/** The reference without its frame. The document's own words stay English. */
export function apiReferenceContent(reference: ApiReference, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  const { title, version, description, baseUrl, groups, errorRows } = reference
  return html`<header class="stack"><h1 lang="en">${title}</h1>
${english("lead", description)}
<dl class="facts">${fact(words.version, version)}${fact(words.baseUrl, html`<code class="break">${baseUrl}</code>`)}</dl>
<p class="actions"><a class="button plain" href="/api/v1/openapi.json">${words.download}</a></p></header>
<div class="reference">
<nav class="reference-nav" aria-labelledby="contents"><p id="contents" class="nav-title">${words.contents}</p>${groups.map(groupLinks)}
<ul><li><a href="#errors">${words.errors}</a></li></ul></nav>
<div class="reference-body">${groups.length === 0 ? html`<p>${words.empty}</p>` : groups.map((group) => groupSection(group, language))}
<section class="stack" aria-labelledby="errors"><h2 id="errors">${words.errors}</h2><p class="soft">${words.errorsNote}</p>
${errorRows.length === 0 ? noHtml : html`<div class="card">${fieldTable(errorRows, "answered", language)}</div>`}</section>
</div></div>`
}

function groupLinks({ name, operations }: ReferenceGroup): Html {
  return html`<p class="nav-group" lang="en">${name}</p><ul>${operations.map(
    ({ method, path, anchor }) =>
      html`<li><a href="${`#${anchor}`}">${badge(method)}<span class="nav-path">${path.replace(/^\/api\/v1/, "")}</span></a></li>`,
  )}</ul>`
}

function groupSection({ name, anchor, description, operations }: ReferenceGroup, language: Language): Html {
  return html`<section class="stack" aria-labelledby="${anchor}"><h2 id="${anchor}"><code>${name}</code></h2>
${english("soft", description)}${operations.map((one) => operationCard(one, language))}</section>`
}

function operationCard(operation: ReferenceOperation, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  const { method, path, anchor, summary, sent, answer, otherAnswers } = operation
  const answers = otherAnswers.map(({ status, description }) =>
    fact(html`<code>${status}</code>`, html`<span lang="en">${description}</span>`),
  )
  return html`<article class="card operation" id="${anchor}"><h3 lang="en">${summary}</h3>
<p class="endpoint">${badge(method)}<code class="break">${path}</code>${
    operation.deprecated ? html`<span class="badge warn">${words.deprecated}</span>` : noHtml
  }</p>
${english("", operation.description)}${gates(operation, language)}${parameterTable(operation.parameters, language)}
${sent === undefined ? noHtml : html`<h4>${words.requestBody}</h4>${bodyParts(sent, "sent", language)}`}
<h4>${words.sample}</h4><pre><code>${operation.curl}</code></pre>
${answer === undefined ? noHtml : html`<h4>${words.response(answer.status)}</h4>${bodyParts(answer.body, "answered", language)}`}
${answers.length === 0 ? noHtml : html`<details><summary>${words.otherAnswers}</summary><dl class="facts">${answers}</dl></details>`}</article>`
}

function gates({ scope, permission, roles }: ReferenceOperation, language: Language): Html {
  if (scope === undefined) return noHtml
  const words = speak(apiReferenceMessages, language)
  return html`<dl class="facts">${fact(words.scope, html`<code>${scope}</code>`)}${
    permission === undefined ? noHtml : fact(words.permission, html`<code>${permission}</code>`)
  }${roles.length === 0 ? noHtml : fact(words.role, roles.join(", "))}</dl>`
}

function parameterTable(parameters: readonly ReferenceParameter[], language: Language): Html {
  if (parameters.length === 0) return noHtml
  const words = speak(apiReferenceMessages, language)
  const places = { path: words.inPath, query: words.inQuery, header: words.inHeader, cookie: words.inCookie }
  const rows = parameters.map((row) => ({ ...row, type: `${row.type}, ${places[row.place]}` }))
  return html`<h4>${words.parameters}</h4>${fieldTable(rows, "sent", language)}`
}

/** Whose words a body is: what must be sent is marked, and what may be missing from an answer. */
type Direction = "sent" | "answered"

function bodyParts(body: ReferenceBody | undefined, direction: Direction, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  if (body === undefined) return html`<p class="soft">${words.noBody}</p>`
  const { rows, example } = body
  return html`${rows.length === 0 ? noHtml : fieldTable(rows, direction, language)}${
    example === undefined ? noHtml : html`<h5>${words.example}</h5><pre lang="en"><code>${example}</code></pre>`
  }`
}

function fieldTable(rows: readonly SchemaRow[], direction: Direction, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  return html`<table class="fields"><thead><tr><th scope="col">${words.field}</th><th scope="col">${words.meaning}</th></tr></thead>
<tbody>${rows.map((row) => fieldLine(row, direction, language))}</tbody></table>`
}

function fieldLine(row: SchemaRow, direction: Direction, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  const { path, type, required, description, limits } = row
  const marks = { sent: required ? words.required : "", answered: required ? "" : words.mayBeAbsent }
  const mark = marks[direction] === "" ? noHtml : html` · <strong>${marks[direction]}</strong>`
  const depth = path.length - 1
  // The eye sees the place by the indent; whoever listens hears the whole name.
  const outer = depth === 0 ? noHtml : html`<span class="unseen">${path.slice(0, -1).join(".")}.</span>`
  return html`<tr><th scope="row" data-depth="${Math.min(depth, 4)}"><code class="break">${outer}${path[depth] ?? ""}</code><span class="type">${type}${mark}</span></th>
<td>${english("", description)}${limitLines(limits, language)}</td></tr>`
}

function limitLines({ values, minimum, maximum, pattern, byDefault }: SchemaLimits, language: Language): Html {
  const words = speak(apiReferenceMessages, language)
  const line = (name: string, code: string | number | undefined) =>
    code === undefined ? noHtml : html`<p class="soft small">${name} <code class="break">${code}</code></p>`
  return html`${line(values.length === 1 ? words.always : words.oneOf, values.length === 0 ? undefined : values.join(", "))}
${line(words.atLeast, minimum)}${line(words.atMost, maximum)}${line(words.pattern, pattern)}${line(words.byDefault, byDefault)}`
}

function english(style: string, text: string | undefined): Html {
  return text === undefined ? noHtml : html`<p class="${style}" lang="en">${text}</p>`
}

function badge(method: string): Html {
  return html`<span class="method" ${attributes({ "data-method": method })}>${method.toUpperCase()}</span>`
}

function fact(name: HtmlValue, value: HtmlValue): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}
