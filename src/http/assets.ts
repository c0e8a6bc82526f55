import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { extname, join } from "node:path"

/** Where the files lie that browsers may have. */
export const assetFolder = join(import.meta.dirname, "assets")

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
}
export interface Asset {
  readonly body: Buffer
  readonly type: string
  readonly hash: string
}

let loaded: ReadonlyMap<string, Asset> | undefined

/** The files beside this one by name (`style.css`), read once; those in folders are images and stay on disk. */
export function assets(): ReadonlyMap<string, Asset> {
  loaded ??= new Map(
    readdirSync(assetFolder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && extname(entry.name) in types)
      .map(({ name }) => {
        const body = readFileSync(join(assetFolder, name))
        const hash = createHash("sha256").update(body).digest("hex").slice(0, 12)
        return [name, { body, type: types[extname(name)] ?? "", hash }]
      }),
  )
  return loaded
}

/**
 * The address of an asset with the hash of its content, so that it may be cached for ever: `/assets/style.3f….css`.
 *
 * @throws RangeError when there is no such asset
 */
export function assetPath(name: string): string {
  const asset = assets().get(name)
  if (asset === undefined) throw new RangeError(`There is no asset ${name}.`)
  const end = extname(name)
  return `/assets/${name.slice(0, -end.length)}.${asset.hash}${end}`
}

/** The address of the one style sheet. */
export function stylesheetPath(): string {
  return assetPath("style.css")
}
