// Draws the bank tiles of src/http/assets/images/banklogo: `node scripts/bank-icons.ts`, after a change of banks.json.
// A neutral design of our own: the banks' logos are their trade marks.

import { createHash } from "node:crypto"
import { mkdir, readdir, rm, writeFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { type Bank, bankImages, listBanks } from "../src/banking/bank.ts"
import { withBrowser } from "../test/support/browser.ts"

const folder = new URL("../src/http/assets/images/banklogo/", import.meta.url)

interface Tile {
  readonly file: string
  readonly text: string
  readonly width: number
  readonly fontSize: number
  readonly colour: string
}

const TILE_HEIGHT = 128
const ICON_WIDTH = 128
const LOGO_WIDTH = 320

function tilesOf(bank: Bank): readonly Tile[] {
  const { icon, logo } = bankImages(bank)
  const letters = bank.code.slice(0, 3)
  const colour = calmColour(bank.code)
  return [
    { file: icon, text: letters, width: ICON_WIDTH, fontSize: letters.length === 2 ? 60 : 46, colour },
    { file: logo, text: bank.shortName, width: LOGO_WIDTH, fontSize: logoFontSize(bank.shortName), colour },
  ]
}

function logoFontSize(name: string): number {
  return Math.min(56, Math.floor((LOGO_WIDTH - 48) / (name.length * 0.6)))
}

/** One lightness for all, dark enough for white letters (contrast above 5:1); only the hue tells banks apart. */
function calmColour(code: string): string {
  const hue = createHash("sha256").update(code).digest().readUInt16BE(0) % 360
  return `oklch(0.46 0.085 ${hue})`
}

/** Banks' names and codes are ASCII letters, so nothing here needs escaping. */
function markupOf(tile: Tile): string {
  return `<!doctype html><style>
    body { margin: 0; background: transparent }
    div { width: ${tile.width}px; height: ${TILE_HEIGHT}px; border-radius: 28px; background: ${tile.colour}; color: #fff;
      display: flex; align-items: center; justify-content: center;
      font: 700 ${tile.fontSize}px "Open Sans", sans-serif; letter-spacing: -0.01em }
  </style><div>${tile.text}</div>`
}

async function drawTile(page: Page, tile: Tile): Promise<void> {
  await page.setViewportSize({ width: tile.width, height: TILE_HEIGHT })
  await page.setContent(markupOf(tile))
  await writeFile(new URL(tile.file, folder), await page.screenshot({ omitBackground: true }))
}

await mkdir(folder, { recursive: true })
for (const name of await readdir(folder)) await rm(new URL(name, folder))
const tiles = listBanks().flatMap(tilesOf)
await withBrowser(async (browser) => {
  const page = await browser.newPage({ javaScriptEnabled: false })
  for (const tile of tiles) await drawTile(page, tile)
})
console.log(`${tiles.length} tiles drawn`)
