// @ts-check

// A page that shows work under way is asked for again after the seconds that it names.
const seconds = Number(
  /** @type {HTMLElement | null} */ (document.querySelector("[data-reload-after]"))?.dataset.reloadAfter,
)
if (seconds > 0) {
  setTimeout(() => location.reload(), seconds * 1000)
}
