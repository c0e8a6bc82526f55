import { appPageMessages } from "../../messages/app-pages.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { mostCounted } from "../../oauth/manage-client.ts"

/** A number that was counted up to a limit, in words: `12`, `more than 10,000`. */
export function countText(count: number, language: Language): string {
  const digits = new Intl.NumberFormat(language === "vi" ? "vi-VN" : "en-US")
  if (count <= mostCounted) return digits.format(count)
  return speak(appPageMessages, language).moreThan(digits.format(mostCounted))
}
