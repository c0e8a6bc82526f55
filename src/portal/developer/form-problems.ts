import type { Language } from "../../messages/catalogue.ts"
import type { ClientFault } from "../../oauth/client-draft.ts"
import { clientFaultText } from "../../oauth/client-fault-text.ts"

/** What is wrong with one redirect URI. */
export interface UriProblem {
  readonly uri: string
  /** Which character to mark, counted from 0. */
  readonly at: number | undefined
  readonly text: string
}

/** What is wrong with a form: a sentence for each field, and one for each redirect URI. */
export interface FormProblems {
  readonly fields: Readonly<Partial<Record<ClientFault["field"], string>>>
  readonly uris: readonly UriProblem[]
}

/** The faults of an app's draft in words. */
export function toFormProblems(faults: readonly ClientFault[], language: Language): FormProblems {
  const fields: Partial<Record<ClientFault["field"], string>> = {}
  const uris: UriProblem[] = []
  for (const fault of faults) {
    const text = clientFaultText(fault, language)
    if (!("uri" in fault)) fields[fault.field] ??= text
    else
      uris.push({ uri: fault.uri, at: fault.kind === "uri" && "at" in fault.fault ? fault.fault.at : undefined, text })
  }
  return { fields, uris }
}
