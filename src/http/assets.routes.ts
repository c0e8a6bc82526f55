import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { extname, join } from "node:path"
import type { FastifyInstance, FastifyReply } from "fastify"
import { type Instant, instantAfter } from "../clock.ts"
import type { Context } from "../context.ts"

const folder = join(import.meta.dirname, "assets")
const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
}
const immutable = "public, max-age=31536000, immutable"
const oneDay = "public, max-age=86400"

interface Asset {
  readonly body: Buffer
  readonly type: string
  readonly hash: string
}

let loaded: ReadonlyMap<string, Asset> | undefined

/** The files beside this one by name (`style.css`), read once; those in folders are images and stay on disk. */
function assets(): ReadonlyMap<string, Asset> {
  loaded ??= new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && extname(entry.name) in types)
      .map(({ name }) => {
        const body = readFileSync(join(folder, name))
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

/** Serves style sheet, scripts, icons and bank logos, `/robots.txt` and `/.well-known/security.txt` (RFC 9116). */
export function assetRoutes(app: FastifyInstance, context: Context): void {
  const secure = context.config.url.startsWith("https:")
  const byPath = new Map([...assets().keys()].map((name) => [assetPath(name), name]))
  app.register(async (scope) => {
    scope.addHook("onRequest", (_request, reply, done) => {
      // An SVG opened by itself is a document and could run script.
      reply.headers({
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      })
      if (secure) reply.header("strict-transport-security", "max-age=31536000")
      done()
    })
    scope.get<{ Params: { "*": string } }>("/assets/*", (request, reply) => {
      const name = byPath.get(`/assets/${request.params["*"]}`)
      if (name !== undefined) return sendAsset(reply, name, immutable)
      // The modules import each other by plain name.
      if (assets().has(request.params["*"])) return sendAsset(reply, request.params["*"], "no-cache")
      return notFound(reply)
    })
    bankLogoRoute(scope)
    for (const name of ["favicon.svg", "favicon.ico"]) {
      if (assets().has(name)) scope.get(`/${name}`, (_request, reply) => sendAsset(reply, name, oneDay))
    }
    scope.get("/robots.txt", (_request, reply) => reply.type("text/plain; charset=utf-8").send(robots))
    scope.get("/.well-known/security.txt", (_request, reply) =>
      reply.type("text/plain; charset=utf-8").send(securityText(context.config.url, context.clock.now())),
    )
  })
}

function sendAsset(reply: FastifyReply, name: string, cacheControl: string): FastifyReply {
  const asset = assets().get(name)
  if (asset === undefined) return notFound(reply)
  const etag = `"${asset.hash}"`
  reply.headers({ "cache-control": cacheControl, etag })
  if (reply.request.headers["if-none-match"] === etag) return reply.code(304).send()
  return reply.type(asset.type).send(asset.body)
}

function notFound(reply: FastifyReply): FastifyReply {
  reply.callNotFound()
  return reply
}

function bankLogoRoute(scope: FastifyInstance): void {
  const images = join(folder, "images", "banklogo")
  // The names are listed once: what is not among them never reaches the file system.
  const names = new Set(readdirSync(images).filter((name) => name.endsWith(".png")))
  scope.get<{ Params: { name: string } }>("/assets/images/banklogo/:name", async (request, reply) => {
    const { name } = request.params
    if (!names.has(name)) return notFound(reply)
    return reply
      .header("cache-control", oneDay)
      .type("image/png")
      .send(await readFile(join(images, name)))
  })
}

const robots = `User-agent: *
Disallow: /api/
Disallow: /feeds/
Disallow: /oauth/
Disallow: /login
Disallow: /connected-apps
`

const halfYearMs = 182 * 24 * 3600 * 1000

function securityText(url: string, now: Instant): string {
  const expires = new Date(instantAfter(now, halfYearMs)).toISOString()
  return `Contact: mailto:security@${new URL(url).hostname}
Expires: ${expires}
Preferred-Languages: vi, en
Canonical: ${url}/.well-known/security.txt
`
}
