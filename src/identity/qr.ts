/** A QR code to draw: so many units wide and high, its dark parts as an SVG path. */
export interface QrDrawing {
  readonly size: number
  readonly path: string
}

// ISO/IEC 18004 wants four light modules around the code.
const quietZone = 4

/** Draws a text as a QR code, with its quiet zone. */
export async function drawQr(text: string): Promise<QrDrawing> {
  const { encode } = await import("uqr")
  const { data, size } = encode(text, { ecc: "M", border: quietZone })
  return { size, path: data.map((row, y) => rowPath(row, y)).join("") }
}

// One box a run of dark modules: neighbours drawn apart would show seams.
function rowPath(row: readonly boolean[], y: number): string {
  let path = ""
  for (let x = 0; x < row.length; x++) {
    if (row[x] !== true) continue
    const start = x
    while (row[x + 1] === true) x++
    path += `M${start} ${y}h${x + 1 - start}v1h-${x + 1 - start}z`
  }
  return path
}
