import { type Html, html } from "../../http/html.ts"

export interface Bar {
  readonly label: string
  /** From the bottom to the top; `name` chooses the colour. */
  readonly parts: readonly { readonly name: string; readonly value: number }[]
}

const [width, height, headroom] = [720, 200, 8]

/**
 * Bars of stacked parts, drawn by the server: no script, no inline style. A screen reader hears `description`; the figures
 * must stand in a table beside it.
 */
export function barChart(bars: readonly Bar[], description: string): Html {
  const most = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)))
  const step = width / Math.max(1, bars.length)
  const [first, last] = [bars[0]?.label ?? "", bars.at(-1)?.label ?? ""]
  return html`<figure class="usage-chart"><svg viewBox="${`0 0 ${width} ${height}`}" role="img" aria-label="${description}" preserveAspectRatio="none">
<line class="usage-line" x1="0" x2="${width}" y1="${height - 0.5}" y2="${height - 0.5}"></line>${bars.map(
    (bar, index) => drawBar(bar, { x: index * step, step, scale: (height - headroom) / most }),
  )}</svg><figcaption class="usage-ends soft small"><span>${first}</span><span>${last}</span></figcaption></figure>`
}

function drawBar(
  { label, parts }: Bar,
  { x, step, scale }: { readonly x: number; readonly step: number; readonly scale: number },
): Html {
  const gap = Math.min(4, step * 0.2)
  let top = height
  const drawn = parts
    .filter(({ value }) => value > 0)
    .map(({ name, value }) => {
      // A single call among thousands is seen too.
      const tall = Math.max(2, value * scale)
      top -= tall
      return html`<rect class="${`usage-${name}`}" x="${round(x + gap / 2)}" y="${round(top)}" width="${round(step - gap)}" height="${round(tall)}"></rect>`
    })
  const total = parts.reduce((sum, { value }) => sum + value, 0)
  return html`<g><title>${`${label}: ${total}`}</title>${drawn}</g>`
}

/** What the colours of a chart stand for. */
export function chartKeys(keys: readonly { readonly name: string; readonly text: string }[]): Html {
  return html`<ul class="usage-keys">${keys.map(
    ({ name, text }) =>
      html`<li><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect class="${`usage-${name}`}" width="10" height="10" rx="2"></rect></svg> ${text}</li>`,
  )}</ul>`
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}
