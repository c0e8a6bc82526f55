import { readdirSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { FastifyInstance, FastifyReply } from "fastify"
import { type Instant, instantAfter } from "../clock.ts"
import type { Context } from "../context.ts"
import { assetFolder, assetPath, assets, compressedAsset } from "./assets.ts"

const immutable = "public, max-age=31536000, immutable"
const asset = { config: { surface: "assets" } }
const plainText = "text/plain; charset=utf-8"
const oneDay = "public, max-age=86400"

/**
 * Serves style sheet, scripts, icons and bank logos, `/robots.txt` and `/.well-known/security.txt` (RFC 9116), within the page
 * scope but outside its limit: a page may show a hundred logos.
 */
export function assetRoutes(pages: FastifyInstance, { config, clock }: Context): void {
  const byPath = new Map([...assets().keys()].map((name) => [assetPath(name), name]))
  pages.get<{ Params: { "*": string } }>("/assets/*", asset, (request, reply) => {
    const name = byPath.get(`/assets/${request.params["*"]}`)
    if (name !== undefined) return sendAsset(reply, name, immutable)
    // The modules import each other by plain name.
    return sendAsset(reply, request.params["*"], "no-cache")
  })
  bankLogoRoute(pages)
  // Browsers go by the type, not by the name: the one drawing serves both addresses.
  for (const path of ["/favicon.svg", "/favicon.ico"]) {
    pages.get(path, asset, (_request, reply) => sendAsset(reply, "favicon.svg", oneDay))
  }
  pages.get("/robots.txt", asset, (_request, reply) => sendFile(reply, robots, plainText, oneDay))
  pages.get("/.well-known/security.txt", asset, (_request, reply) =>
    sendFile(reply, securityText(config.url, clock.now()), plainText, oneDay),
  )
}

async function sendAsset(reply: FastifyReply, name: string, cacheControl: string): Promise<FastifyReply> {
  const found = assets().get(name)
  if (found === undefined) return notFound(reply)
  const { headers } = reply.request
  const asked = /(^|[\s,])br($|[\s,;])/.test(String(headers["accept-encoding"] ?? ""))
  const small = asked ? await compressedAsset(name) : undefined
  const etag = small === undefined ? `"${found.hash}"` : `"${found.hash}-br"`
  reply.headers({ etag, vary: "accept-encoding" })
  if (headers["if-none-match"] === etag) return reply.header("cache-control", cacheControl).code(304).send()
  if (small !== undefined) reply.header("content-encoding", "br")
  return sendFile(reply, small ?? found.body, found.type, cacheControl)
}

function sendFile(reply: FastifyReply, body: string | Buffer, type: string, cacheControl: string): FastifyReply {
  // An SVG opened by itself is a document, and could run script.
  reply.headers({
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "cache-control": cacheControl,
  })
  return reply.type(type).send(body)
}

function notFound(reply: FastifyReply): FastifyReply {
  reply.callNotFound()
  return reply
}

function bankLogoRoute(pages: FastifyInstance): void {
  const images = join(assetFolder, "images", "banklogo")
  // The names are listed once: what is not among them never reaches the file system.
  const names = new Set(readdirSync(images).filter((name) => name.endsWith(".png")))
  pages.get<{ Params: { name: string } }>("/assets/images/banklogo/:name", asset, async (request, reply) => {
    const { name } = request.params
    if (!names.has(name)) return notFound(reply)
    return sendFile(reply, await readFile(join(images, name)), "image/png", oneDay)
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
