import type { Language } from "../../messages/catalogue.ts"
import { countUpTo } from "../../messages/count.ts"
import { mostCounted } from "../../oauth/manage-client.ts"

/** How many grants and tokens of an app are alive, in words: `12`, `10,000 or more`. */
export interface AccessCounts {
  readonly grants: string
  readonly families: string
}

/** Puts what was counted up to a limit into words. Pure. */
export function toAccessCounts(
  { grants, families }: { readonly grants: number; readonly families: number },
  language: Language,
): AccessCounts {
  return { grants: countUpTo(grants, mostCounted, language), families: countUpTo(families, mostCounted, language) }
}
