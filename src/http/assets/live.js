// @ts-check
// Lets the rows of a list with `data-live` arrive by themselves. The list is right as it came; this only keeps it so.

const mostRows = 10
const againAfterMs = 15_000
const hiddenForMs = 30_000

for (const region of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live]"))) follow(region)

/** @param {HTMLElement} region */
function follow(region) {
  const list = /** @type {HTMLElement} */ (region.querySelector(".money-rows"))
  const said = /** @type {HTMLElement} */ (region.querySelector("[role=status]"))
  const state = /** @type {HTMLElement} */ (region.querySelector(".live-state"))
  /** @type {EventSource | undefined} */
  let source
  let position = region.dataset["after"] ?? "0"
  let arrived = 0
  let isOver = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  const show = (/** @type {"on" | "off"} */ name) => {
    state.dataset["state"] = name
    state.textContent = region.dataset[name] ?? ""
  }

  function open() {
    clearTimeout(timer)
    if (isOver || source !== undefined || document.hidden) return
    const opened = new EventSource(`${region.dataset["live"]}&after=${position}`)
    source = opened
    opened.addEventListener("open", () => show("on"))
    for (const kind of ["created", "updated", "removed", "missed"]) {
      opened.addEventListener(kind, (event) => {
        if (source !== opened) return
        position = event.lastEventId
        take(kind, JSON.parse(event.data))
      })
    }
    opened.addEventListener("end", () => {
      isOver = true
      close()
    })
    opened.addEventListener("error", () => {
      show("off")
      // A browser tries again by itself, but not after an answer that it did not expect.
      if (source === opened && opened.readyState === EventSource.CLOSED) {
        source = undefined
        timer = setTimeout(open, againAfterMs)
      }
    })
  }

  function close() {
    source?.close()
    source = undefined
    show("off")
  }

  /** @param {string} kind @param {{ id: number, html: string }} row */
  function take(kind, { id, html }) {
    const known = list.querySelector(`[data-id="${id}"]`)
    if (kind === "missed") location.reload()
    else if (kind === "removed") known?.remove()
    else if (known !== null) known.replaceWith(toRow(html))
    else if (kind === "created") arrive(toRow(html))
  }

  /** @param {Element} row */
  function arrive(row) {
    row.classList.add("arrived")
    region.querySelector(".no-rows")?.remove()
    list.prepend(row)
    while (list.children.length > mostRows) list.lastElementChild?.remove()
    arrived += 1
    said.textContent =
      (arrived === 1 ? region.dataset["one"] : region.dataset["many"])?.replace("{n}", String(arrived)) ?? ""
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(close, hiddenForMs)
    else open()
  })
  addEventListener("pagehide", close)
  addEventListener("pageshow", open)
  show("off")
  open()
}

/** The server's own markup of a row. @param {string} html */
function toRow(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return /** @type {Element} */ (template.content.firstElementChild)
}
