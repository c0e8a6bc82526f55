import { renderForm } from "./form-encoding.ts"
import type { RequestContentType } from "./webhook.ts"

/** The body of one attempt. */
export interface RequestBody {
  /** Value of `Content-Type`. */
  readonly contentType: string
  /** What is sent, and what the Standard Webhooks signature covers (contract/webhooks.md §2.2). */
  readonly bytes: Buffer
  /** What `X-SePay-Signature` covers: for multipart the urlencoded rendering (contract/webhooks.md §2.1). */
  readonly signedBytes: Buffer
}

type Pairs = readonly (readonly [key: string, value: string])[]

/**
 * Renders the stored payload as the webhook's content type wants it (contract/webhooks.md §1.1).
 *
 * A pure function of both texts, so that a retry sends the same bytes.
 *
 * @param payload the stored JSON text, which goes out as it stands for `Json`
 */
export function renderBody(contentType: RequestContentType, payload: string, deliveryUuid: string): RequestBody {
  switch (contentType) {
    case "Json": {
      const bytes = Buffer.from(payload)
      return { contentType: "application/json", bytes, signedBytes: bytes }
    }
    case "application_x-www-form-urlencoded": {
      const bytes = Buffer.from(renderForm(readPairs(payload)))
      return { contentType: "application/x-www-form-urlencoded", bytes, signedBytes: bytes }
    }
    case "multipart_form-data": {
      const pairs = readPairs(payload)
      const boundary = `sepay-${deliveryUuid.replaceAll("-", "")}`
      return {
        contentType: `multipart/form-data; boundary=${boundary}`,
        bytes: Buffer.from(renderMultipart(pairs, boundary)),
        signedBytes: Buffer.from(renderForm(pairs)),
      }
    }
  }
}

/** The keys of the stored payload in its order; a form has no null, so a key without value is left out. */
function readPairs(payload: string): Pairs {
  const fields = JSON.parse(payload) as Record<string, string | number | null>
  return Object.entries(fields).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)] as const]))
}

function renderMultipart(pairs: Pairs, boundary: string): string {
  const parts = pairs.map(
    ([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  )
  return `${parts.join("")}--${boundary}--\r\n`
}
