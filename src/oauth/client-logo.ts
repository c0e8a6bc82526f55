import { createHash } from "node:crypto"
import type { Queries } from "../database/engine.ts"
import type { Outbound } from "../outbound/outbound.ts"
import type { LogoFault } from "./client-draft.ts"
import { findLogo, type StoredLogo } from "./client-logos.store.ts"
import type { ClientLogo } from "./client-values.ts"
import { readImageKind } from "./image-kind.ts"

/** A picture as it was fetched. */
export interface FetchedLogo extends ClientLogo, StoredLogo {}

const maximumBytes = 256 * 1024
const sides = { least: 32, most: 2048, ratio: 4 }

/**
 * Fetches a logo, once, through the outbound guard (contract/oauth.md §15): PNG, JPEG or WebP by its bytes, 256 KiB at most.
 *
 * @param tenant the company's id
 */
export async function fetchLogo(
  outbound: Outbound,
  tenant: string,
  url: string,
): Promise<{ readonly logo: FetchedLogo } | { readonly fault: LogoFault }> {
  const result = await outbound.request({
    method: "GET",
    url,
    headers: [
      ["accept", "image/png, image/jpeg, image/webp"],
      ["user-agent", "SePay-Logo/1.0"],
    ],
    tenant,
    mode: "live",
    maximumBodyBytes: maximumBytes,
  })
  if (result.kind === "failed") return { fault: { kind: "unreachable" } }
  const { status, body } = result.response
  if (status !== 200) return { fault: { kind: "status", status } }
  if (result.bodyEnd !== "complete") return { fault: { kind: "too_large" } }
  const kind = readImageKind(body)
  if (kind === undefined) return { fault: { kind: "no_image" } }
  const { width, height, mediaType } = kind
  if (!isFit(width, height)) return { fault: { kind: "dimensions", width, height } }
  return { logo: { url, hash: createHash("sha256").update(body).digest("hex"), mediaType, body } }
}

function isFit(width: number, height: number): boolean {
  const short = Math.min(width, height)
  const long = Math.max(width, height)
  return short >= sides.least && long <= sides.most && long <= short * sides.ratio
}

/** A picture that we serve, by its hash. */
export async function findClientLogo(db: Queries, hash: string): Promise<StoredLogo | undefined> {
  return /^[0-9a-f]{64}$/.test(hash) ? findLogo(db, hash) : undefined
}
