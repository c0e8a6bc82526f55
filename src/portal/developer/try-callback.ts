import { shortened } from "../../oauth/trial-steps.ts"

/** What of an authorization response the Try it page reads. */
export interface TriedAnswer {
  readonly state: string
  readonly issuer: string
  readonly code: string | undefined
  /** The request as it is shown: its code shortened. */
  readonly shown: string
}

const longest = 300

/** Reads the authorization response of a trial. Pure. */
export function readTriedAnswer(path: string, query: Readonly<Record<string, unknown>>): TriedAnswer {
  const text = (name: string) => {
    const value = query[name]
    return typeof value === "string" ? value : ""
  }
  const code = text("code")
  const names = ["code", "error", "error_description", "state", "iss"].filter((name) => text(name) !== "")
  const lines = names.map((name) => `${name}=${name === "code" ? shortened(code) : text(name).slice(0, longest)}`)
  return {
    state: text("state"),
    issuer: text("iss"),
    code: code === "" || text("error") !== "" ? undefined : code,
    shown: `GET ${path}\n  ?${lines.join("\n  &")}`,
  }
}
