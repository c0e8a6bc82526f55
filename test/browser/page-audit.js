// Runs inside a page, by `page.evaluate`, and gives what is wrong with it as sentences.
;(() => {
  const problems = []
  const shown = (element) => element.getClientRects().length > 0
  const name = (element) =>
    `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 30)}"`

  const { scrollWidth } = document.scrollingElement
  if (scrollWidth > innerWidth) problems.push(`it is ${scrollWidth} wide in a window of ${innerWidth}`)

  let level = 0
  for (const heading of document.querySelectorAll("h1,h2,h3,h4,h5,h6")) {
    const next = Number(heading.tagName[1])
    if (next > level + 1) problems.push(`${name(heading)} skips a level`)
    level = next
  }
  const mains = document.querySelectorAll("h1").length
  if (mains !== 1) problems.push(`it has ${mains} h1`)

  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id)
  if (new Set(ids).size !== ids.length) problems.push("an id is there twice")
  for (const link of document.querySelectorAll("a[href^='#']")) {
    if (document.getElementById(link.getAttribute("href").slice(1)) === null)
      problems.push(`${name(link)} leads nowhere`)
  }
  for (const element of document.querySelectorAll("[aria-describedby],[aria-labelledby]")) {
    const named = element.getAttribute("aria-describedby") ?? element.getAttribute("aria-labelledby")
    const isMissing = named.split(/\s+/).some((id) => document.getElementById(id) === null)
    if (isMissing) problems.push(`${name(element)} is described by nothing`)
  }
  for (const control of document.querySelectorAll("input:not([type=hidden]),select,textarea")) {
    const label = [...control.labels].map(({ textContent }) => textContent.trim()).join("")
    if (label === "") problems.push(`the field ${control.name} has no label`)
  }
  for (const element of document.querySelectorAll("[style]:not(.uplot, .uplot *),script:not([src]),style,[onclick]"))
    problems.push(`${name(element)} is inline`)

  for (const target of document.querySelectorAll("a,button,summary,input:not([type=hidden])")) {
    if (!shown(target) || target.classList.contains("skip")) continue
    // The label of a box and the card around a link take the finger as well.
    const touched =
      target.closest(".linked") ?? (target.matches("[type=checkbox],[type=radio]") ? target.closest("label") : target)
    const { width, height } = touched.getBoundingClientRect()
    if (width < 43.9 || height < 43.9) problems.push(`${name(target)} is ${Math.round(width)}×${Math.round(height)}`)
  }

  const channels = (color) => {
    const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g).map(Number)
    return color.startsWith("color(") ? [red * 255, green * 255, blue * 255, alpha] : [red, green, blue, alpha]
  }
  const over = ([red, green, blue, alpha], under) =>
    [red, green, blue].map((channel, index) => channel * alpha + under[index] * (1 - alpha))
  const groundOf = (element) => {
    const colors = []
    for (let at = element; at !== null; at = at.parentElement)
      colors.push(channels(getComputedStyle(at).backgroundColor))
    return colors.reduceRight((under, color) => over(color, under), [255, 255, 255])
  }
  // WCAG 2.2 §1.4.3
  const luminance = (color) => {
    const [red, green, blue] = color.map((channel) => {
      const part = channel / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const seen = new Set()
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (texts.currentNode.textContent.trim() === "" || !shown(element) || seen.has(element)) continue
    seen.add(element)
    const style = getComputedStyle(element)
    const ground = groundOf(element)
    const [one, other] = [luminance(over(channels(style.color), ground)), luminance(ground)]
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    const size = Number.parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (contrast < (isLarge ? 3 : 4.5)) problems.push(`${name(element)} has a contrast of ${contrast.toFixed(2)}`)
  }
  return problems
})()
