export interface LoginWish {
  /** Where to go afterwards: a path of this site. */
  readonly next?: string | undefined
  /** Ask for the password even when signed in (`prompt=login`). */
  readonly reauthenticate?: boolean
  readonly uiLocales?: string | undefined
  readonly loginHint?: string | undefined
  /** The code of what just happened, for the page to say. */
  readonly done?: "choices_kept" | undefined
}

/** The address of the sign-in page with what it is to do. */
export function loginPath({ next, reauthenticate, uiLocales, loginHint, done }: LoginWish): string {
  const query = new URLSearchParams()
  if (next !== undefined && next !== "/") query.set("next", next)
  if (reauthenticate === true) query.set("reauthenticate", "1")
  if (uiLocales !== undefined) query.set("ui_locales", uiLocales)
  if (loginHint !== undefined) query.set("login_hint", loginHint)
  if (done !== undefined) query.set("done", done)
  const text = query.toString()
  return text === "" ? "/login" : `/login?${text}`
}
