import { createHash } from "node:crypto"

/**
 * A short mark of values as a form shows them, for its hidden field: when it differs at saving, somebody changed them in
 * another tab. It keeps nothing secret.
 */
export function seenMark(values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 16)
}
