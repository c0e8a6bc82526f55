// @ts-check
// Keeps a part of a page fresh. A form with `data-live="ID"` is sent beside the page as it is typed in, and the element of
// that id in the answer takes the place of the one here. An element with `data-poll` is asked for again until the answer
// has it no more; then the page is loaded anew. Without script the form's button and a header do the same.

const pauseMs = 250
const pollMs = 1000

/** @param {Document} answer @param {string} id */
function takeOver(answer, id) {
  const fresh = answer.getElementById(id)
  const shown = document.getElementById(id)
  if (fresh === null || shown === null) return false
  shown.replaceChildren(...fresh.childNodes)
  return true
}

/** @param {Response} response */
async function readPage(response) {
  return new DOMParser().parseFromString(await response.text(), "text/html")
}

/** @param {HTMLFormElement} form @param {string} id */
function follow(form, id) {
  /** @type {number | undefined} */
  let waiting
  /** @type {AbortController | undefined} */
  let asking
  const ask = async () => {
    asking?.abort()
    asking = new AbortController()
    const { signal } = asking
    const fields = new URLSearchParams(/** @type {any} */ (new FormData(form)))
    const isGet = form.method === "get"
    const url = form.dataset["liveAction"] ?? form.action
    try {
      const response = await (isGet
        ? fetch(`${url}?${fields}`, { signal })
        : fetch(url, { method: "POST", body: fields, signal }))
      if (response.redirected) return
      takeOver(await readPage(response), id)
    } catch {
      // The next key asks again; the button still works.
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, pauseMs)
  })
}

/** @param {string} id */
async function poll(id) {
  try {
    const response = await fetch(location.href)
    if (takeOver(await readPage(response), id)) setTimeout(poll, pollMs, id)
    else location.reload()
  } catch {
    setTimeout(poll, pollMs, id)
  }
}

for (const form of document.querySelectorAll("form[data-live]")) {
  if (form instanceof HTMLFormElement) follow(form, form.dataset["live"] ?? "")
}
for (const part of document.querySelectorAll("[data-poll]")) setTimeout(poll, pollMs, part.id)
