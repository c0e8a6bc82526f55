import { type Html, html } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { egressMessages } from "../messages/portal.ts"

/** The addresses that webhooks come from, for whoever has a firewall before his endpoint (contract/webhooks.md §8). */
export function egressIpsPage(data: {
  readonly language: Language
  readonly user: FrameUser | undefined
  readonly addresses: readonly string[]
}): Html {
  const { language, user, addresses } = data
  const words = speak(egressMessages, language)
  return layout(
    { language, title: words.title, user },
    html`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
<section class="card">${addresses.length === 0 ? html`<p class="soft">${words.none}</p>` : addressList(addresses)}</section>
<p class="actions"><a class="button plain" href="/egress-ips.json">${words.asJson}</a></p>`,
  )
}

function addressList(addresses: readonly string[]): Html {
  return html`<ul>${addresses.map((address) => html`<li><code class="break">${address}</code></li>`)}</ul>`
}
