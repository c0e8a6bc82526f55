// @ts-check

// On a phone the bar is wider than the window: it opens where the current page stands.
const current = document.querySelector(".tabs [aria-current]")
const bar = current?.closest(".tabs")
if (current instanceof HTMLElement && bar instanceof HTMLElement) {
  const [tab, frame] = [current.getBoundingClientRect(), bar.getBoundingClientRect()]
  bar.scrollLeft += tab.left + tab.width / 2 - (frame.left + frame.width / 2)
}
