/** The languages of our pages; Vietnamese comes first everywhere. */
export type Language = "vi" | "en"

/** A sentence with values in it, in both languages. */
export interface Phrase<Values> {
  readonly vi: (values: Values) => string
  readonly en: (values: Values) => string
}

/** One entry: fixed words, or a phrase. An entry without one of the languages does not compile. */
export type Message = Readonly<Record<Language, string>> | Phrase<never>

/** The entries of one part. Write `{…} satisfies Catalogue`, so that each entry keeps its own type. */
export type Catalogue = Readonly<Record<string, Message>>

/** A catalogue in one language. */
export type Spoken<Entries extends Catalogue> = { readonly [Key in keyof Entries]: Entries[Key][Language] }

/** Makes a phrase whose values have the same shape in both languages. */
export function phrase<Values>(vi: (values: Values) => string, en: (values: Values) => string): Phrase<Values> {
  return { vi, en }
}

const spokenBefore: Readonly<Record<Language, WeakMap<Catalogue, unknown>>> = { vi: new WeakMap(), en: new WeakMap() }

/** Gives a catalogue in one language: `speak(messages, "vi").signIn`. */
export function speak<Entries extends Catalogue>(entries: Entries, language: Language): Spoken<Entries> {
  const before = spokenBefore[language].get(entries)
  if (before !== undefined) return before as Spoken<Entries>
  const pairs = Object.entries(entries).map(([key, message]) => [key, message[language]])
  const spoken = Object.fromEntries(pairs) as Spoken<Entries>
  spokenBefore[language].set(entries, spoken)
  return spoken
}

/** Whether a text names one of our languages, exactly. */
export function isLanguage(text: string | undefined): text is Language {
  return text === "vi" || text === "en"
}

/** What may decide the language of a page; each absent when nobody said anything. */
export interface LanguageWishes {
  /** Space-separated BCP 47 tags of the authorization request. */
  readonly uiLocales?: string | undefined
  readonly userSetting?: Language | undefined
  /** The header as it came. RFC 9110 §12.5.4. */
  readonly acceptLanguage?: string | undefined
}

/**
 * Chooses the language of a page: the first of `vi` and `en` that `ui_locales` names, else the user's setting, else what the
 * browser prefers, else Vietnamese. contract/oauth.md §5.
 */
export function chooseLanguage(wishes: LanguageWishes): Language {
  return (
    firstKnown((wishes.uiLocales ?? "").split(" ")) ??
    wishes.userSetting ??
    firstKnown(acceptedTags(wishes.acceptLanguage ?? "")) ??
    "vi"
  )
}

function firstKnown(tags: readonly string[]): Language | undefined {
  return tags.map((tag) => tag.toLowerCase().split("-")[0]).find(isLanguage)
}

const longestHeaderRead = 500

function acceptedTags(header: string): readonly string[] {
  return header
    .slice(0, longestHeaderRead)
    .split(",")
    .map((range) => {
      const [tag = "", ...parameters] = range.split(";").map((part) => part.trim())
      const weight = parameters.find((parameter) => parameter.startsWith("q="))
      return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}
