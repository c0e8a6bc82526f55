import { attributes, type Html, html, noHtml } from "./html.ts"

/** What every field of a form has; `name` is also its id, so a page has one field of a name. */
export interface Field {
  readonly name: string
  readonly label: string
  /** What the field takes, under it. */
  readonly hint?: string | undefined
  /** What is wrong with what was sent, under it and told to screen readers. */
  readonly problem?: string | undefined
  readonly required?: boolean | undefined
}

export interface TextField extends Field {
  readonly value?: string | undefined
  readonly type?:
    | "text"
    | "email"
    | "password"
    | "url"
    | "number"
    | "date"
    | "datetime-local"
    | "search"
    | "tel"
    | undefined
  /** Further attributes: `autocomplete`, `maxlength`, `inputmode`, `min`, `max`, `placeholder`, `pattern`. */
  readonly more?: Readonly<Record<string, string | boolean | undefined>> | undefined
}

/** One line of text with its label, hint and problem. */
export function textField(field: TextField): Html {
  const { name, label, value = "", type = "text", required = false, more = {} } = field
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}" ${attributes({ required, ...more, ...described(field) })}>${notes(field)}</div>`
}

/** Several lines of text. */
export function textArea(field: Omit<TextField, "type"> & { readonly rows?: number }): Html {
  const { name, label, value = "", required = false, rows = 4, more = {} } = field
  return html`<div class="field"><label for="${name}">${label}</label>
<textarea id="${name}" name="${name}" rows="${rows}" ${attributes({ required, ...more, ...described(field) })}>
${value}</textarea>${notes(field)}</div>`
}

/** One thing that a select, a radio group or a list of boxes offers. */
export interface Option {
  readonly value: string
  readonly text: string
  /** What choosing it means, in a sentence. */
  readonly note?: string | undefined
  /** Shown, and not to be chosen now; in `choiceField` alone. */
  readonly disabled?: boolean | undefined
}

/** A choice of one, folded. */
export function selectField(
  field: Field & { readonly options: readonly Option[]; readonly value?: string | undefined },
): Html {
  const { name, label, options, value, required = false } = field
  return html`<div class="field"><label for="${name}">${label}</label>
<select id="${name}" name="${name}" ${attributes({ required, ...described(field) })}>${options.map(
    (option) =>
      html`<option value="${option.value}" ${attributes({ selected: option.value === value })}>${option.text}</option>`,
  )}</select>${notes(field)}</div>`
}

/** A choice of one (`radio`) or of several (`checkbox`), all to be seen, in a fieldset of its own. */
export function choiceField(
  field: Field & {
    readonly kind: "radio" | "checkbox"
    readonly options: readonly Option[]
    readonly chosen: readonly string[]
  },
): Html {
  const { name, label, kind, options, chosen } = field
  return html`<fieldset id="${name}" ${attributes({ tabindex: "-1", ...described(field) })}><legend>${label}</legend>
<ul class="choices">${options.map(
    (option) =>
      html`<li><label class="choice"><input type="${kind}" name="${name}" value="${option.value}" ${attributes({ checked: chosen.includes(option.value), disabled: option.disabled })}><span>${option.text}${
        option.note === undefined ? noHtml : html`<span class="soft small block">${option.note}</span>`
      }</span></label></li>`,
  )}</ul>${notes(field)}</fieldset>`
}

/** One box to tick; unticked, the form sends nothing. */
export function tickField(
  field: Field & { readonly ticked: boolean; readonly value?: string; readonly note?: string },
): Html {
  const { name, label, ticked, value = "1", note } = field
  return html`<div class="tick"><label class="choice"><input type="checkbox" id="${name}" name="${name}" value="${value}" ${attributes({ checked: ticked, ...described(field) })}><span>${label}${
    note === undefined ? noHtml : html`<span class="soft small block">${note}</span>`
  }</span></label>${notes(field)}</div>`
}

/** A field that nobody sees. */
export function hiddenField(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`
}

function described({ name, hint, problem }: Field): Readonly<Record<string, string | undefined>> {
  const ids = [problem === undefined ? "" : `${name}-problem`, hint === undefined ? "" : `${name}-hint`]
  const named = ids.filter((id) => id !== "").join(" ")
  return {
    "aria-describedby": named === "" ? undefined : named,
    "aria-invalid": problem === undefined ? undefined : "true",
  }
}

function notes({ name, hint, problem }: Field): Html {
  return html`${problem === undefined ? noHtml : html`<p class="problem" id="${`${name}-problem`}">${problem}</p>`}${
    hint === undefined ? noHtml : html`<p class="hint" id="${`${name}-hint`}">${hint}</p>`
  }`
}
