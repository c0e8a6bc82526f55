import type { FastifyRequest } from "fastify"
import type { ApiError } from "../http/api-error.ts"
import { isAdministrator, isPermitted, type Permission } from "../identity/permission.ts"
import type { Access } from "./access.ts"
import { type ExactReason, exactly } from "./exact-reason.ts"
import type { Scope } from "./protocol.ts"

const longestText = 300

/** Why a call with a valid token was refused, for the developer of its app (contract/api.md §4). */
export function exactApiReason(request: FastifyRequest, error: ApiError): ExactReason {
  const { access } = request
  const text = error.message.slice(0, longestText)
  switch (error.code) {
    case "insufficient_scope":
    case "forbidden":
      return gateReason(request, access) ?? exactly("refused", { text })
    case "not_found":
      return invisible(request, access) ?? exactly("refused", { text })
    case "invalid_request": {
      const fields = Object.keys(error.details.errors ?? {}).join(", ")
      return exactly("input_invalid", { fields: fields.slice(0, longestText), text })
    }
    case "rate_limited":
      return exactly("rate_grant")
    case "unavailable":
      return exactly("unavailable")
    case "server_error":
      return exactly("server_error")
    default:
      return exactly("refused", { text })
  }
}

function gateReason({ routeOptions }: FastifyRequest, access: Access): ExactReason | undefined {
  const { gates } = routeOptions.config
  if (gates === undefined || gates === "public") return undefined
  if (!access.scopes.has(gates.scope as Scope)) {
    return exactly("scope_insufficient", { needed: gates.scope, has: [...access.scopes].join(" ") })
  }
  if (gates.administrator === true && !isAdministrator(access)) return exactly("administrator_needed")
  const { permission } = gates
  if (permission === undefined || isPermitted(access, permission as Permission)) return undefined
  return exactly("permission_lacking", { permission })
}

// Whether there is such an object elsewhere is nobody's business; which accounts were allowed, the app can list.
function invisible({ params, routeOptions }: FastifyRequest, access: Access): ExactReason | undefined {
  const { id } = params as { readonly id?: string }
  if (id === undefined) return undefined
  const ofAccount = routeOptions.url?.startsWith("/api/v1/bank-accounts/") === true
  const outside = access.bankAccountIds !== undefined && !access.bankAccountIds.includes(Number(id))
  return exactly(ofAccount && outside ? "account_not_in_consent" : "object_not_visible", { id })
}
