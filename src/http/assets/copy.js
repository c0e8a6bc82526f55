// @ts-check

/**
 * Copies the text of the element that `data-copy` names, and says so in the status beside the button.
 *
 * @param {HTMLButtonElement} button
 * @returns {Promise<void>}
 */
async function copy(button) {
  const source = document.getElementById(button.dataset.copy ?? "")
  const status = button.parentElement?.querySelector("[role=status]")
  if (source === null || status === null || status === undefined) return
  const done = await write(source.textContent ?? "")
  if (!done) select(source)
  // Emptied first, so that a second copying is said as well.
  status.textContent = ""
  requestAnimationFrame(() => {
    status.textContent = (done ? button.dataset.copied : button.dataset.failed) ?? ""
  })
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} false where the browser does not let pages copy, such as over http
 */
async function write(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/**
 * @param {HTMLElement} element
 * @returns {void}
 */
function select(element) {
  const range = document.createRange()
  range.selectNodeContents(element)
  const selection = getSelection()
  selection?.removeAllRanges()
  selection?.addRange(range)
}

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copy]"))) {
  button.hidden = false
  button.addEventListener("click", () => void copy(button))
}
