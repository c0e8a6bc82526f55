import type { Form } from "../../http/form-body.ts"
import type { ClientDraft } from "../../oauth/client-draft.ts"
import type { ClientValues } from "../../oauth/client-values.ts"
import { scopes } from "../../oauth/protocol.ts"

/** The form of an app as it was sent (contract/oauth.md §15). What it does not hold is empty. */
export function readAppForm(form: Form): ClientDraft {
  const value = (name: string) => form.get(name)?.at(-1) ?? ""
  return {
    name: value("name"),
    description: value("description"),
    website: value("website"),
    logoUrl: value("logo_url"),
    profile: value("profile"),
    clientType: value("client_type"),
    redirectUris: (form.get("redirect_uris") ?? [])
      .flatMap((text) => text.split(/\r\n|\r|\n/))
      .map((line) => line.trim())
      .filter((line) => line !== ""),
    scopes: scopes.flatMap((scope) => {
      const choice = value(scopeFieldName(scope))
      return choice === "required" || choice === "optional" ? [{ scope, required: choice === "required" }] : []
    }),
    legacyTokenErrors: value("legacy_token_errors") === "1",
  }
}

/** The field that says off, `required` or `optional` for a scope. */
export function scopeFieldName(scope: string): string {
  return `scope.${scope}`
}

/** What the form shows of an app that exists. */
export function toAppForm(values: ClientValues): ClientDraft {
  const { website, logo, ...same } = values
  return { ...same, website: website ?? "", logoUrl: logo?.url ?? "" }
}

/** The form of a new app, before anything is typed: with the permissions that most apps need. */
export const emptyAppForm: ClientDraft = {
  name: "",
  description: "",
  website: "",
  logoUrl: "",
  profile: "sepay",
  clientType: "confidential",
  redirectUris: [],
  scopes: [
    { scope: "bank-account:read", required: true },
    { scope: "transaction:read", required: true },
  ],
  legacyTokenErrors: false,
}
