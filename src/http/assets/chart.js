// @ts-check
// Draws the tables that stand in a figure with `data-chart`, as bars of money in and out by day. The table is both the data
// and what is read where this does not run.

/** @typedef {{ day: string, short: string, in: number, out: number, inText: string, outText: string }} Day */

/** @param {HTMLElement} figure @returns {Day[]} */
function readDays(figure) {
  return [...figure.querySelectorAll("tbody tr")].map((row) => {
    const [day, into, out] = row.children
    return {
      day: day?.textContent?.trim() ?? "",
      short: day?.getAttribute("data-short") ?? "",
      in: Number(into?.getAttribute("data-value") ?? 0),
      out: Number(out?.getAttribute("data-value") ?? 0),
      inText: into?.textContent?.trim() ?? "",
      outText: out?.textContent?.trim() ?? "",
    }
  })
}

/** What a token of the style sheet is in the theme that shows. @param {HTMLElement} within @param {string} token */
function colourOf(within, token) {
  const probe = document.createElement("span")
  probe.className = `chart-colour-${token}`
  within.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

/** @param {HTMLElement} figure @param {any} uPlot */
function draw(figure, uPlot) {
  const place = /** @type {HTMLElement} */ (figure.querySelector(".chart-place"))
  const said = /** @type {HTMLElement} */ (figure.querySelector(".chart-said"))
  const days = readDays(figure)
  const short = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 })
  const [text, line, into, out] = ["text", "line", "in", "out"].map((token) => colourOf(figure, token))
  const bar = (/** @type {1 | -1} */ align) => uPlot.paths.bars({ size: [0.38, 18], align, radius: 0.15, gap: 1 })
  const axis = { stroke: text, font: `12px ${getComputedStyle(figure).fontFamily}`, ticks: { show: false } }
  const options = {
    width: place.clientWidth,
    height: 220,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    scales: {
      x: { time: false, range: [-0.6, days.length - 0.4] },
      y: { range: (_u, _min, max) => [0, max > 0 ? max * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        values: (_u, at) => at.map((index) => days[index]?.short ?? ""),
        incrs: [1, 2, 5, 7, 10, 15],
        space: 56,
        size: 30,
      },
      {
        ...axis,
        grid: { stroke: line, width: 1 },
        values: (_u, at) => at.map((value) => short.format(value)),
        size: 64,
      },
    ],
    series: [
      {},
      { stroke: into, fill: into, width: 0, paths: bar(-1), points: { show: false } },
      { stroke: out, fill: out, width: 0, paths: bar(1), points: { show: false } },
    ],
    hooks: {
      setCursor: [
        (/** @type {any} */ chart) => {
          const day = chart.cursor.idx === null ? undefined : days[chart.cursor.idx]
          said.textContent =
            day === undefined
              ? ""
              : `${day.day}: ${figure.dataset["in"]} ${day.inText} · ${figure.dataset["out"]} ${day.outText}`
        },
      ],
    },
  }
  const data = [days.map((_, index) => index), days.map((day) => day.in), days.map((day) => day.out)]
  place.replaceChildren()
  return new uPlot(options, data, place)
}

for (const figure of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("figure[data-chart]"))) {
  const { uPlot } = await import(figure.dataset["chart"] ?? "")
  figure.classList.add("drawn")
  figure.querySelector("details")?.removeAttribute("open")
  let chart = draw(figure, uPlot)
  const place = /** @type {HTMLElement} */ (figure.querySelector(".chart-place"))
  new ResizeObserver(() => {
    if (place.clientWidth > 0 && place.clientWidth !== chart.width)
      chart.setSize({ width: place.clientWidth, height: 220 })
  }).observe(place)
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    chart.destroy()
    chart = draw(figure, uPlot)
  })
}
