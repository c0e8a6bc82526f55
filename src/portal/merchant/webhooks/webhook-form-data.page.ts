import type { FrameUser } from "../../../http/layout.page.ts"
import type { Mode } from "../../../ids.ts"
import type { Language } from "../../../messages/catalogue.ts"
import type { SelectableAccount } from "./selectable-accounts.ts"
import type { TypedWebhook } from "./typed-webhook.ts"
import type { FormProblems } from "./webhook-problems.ts"

/** What the form of a webhook is rendered from. */
export interface WebhookFormData {
  readonly language: Language
  readonly user: FrameUser
  readonly mode: Mode
  readonly typed: TypedWebhook
  /** Undefined: the user may not see accounts. */
  readonly accounts: readonly SelectableAccount[] | undefined
  readonly problems: FormProblems
  readonly formKey: string
  /** The webhook that is edited. */
  readonly edited:
    | {
        readonly id: number
        readonly name: string
        readonly configVersion: number
        readonly coversSome: number | undefined
        /** Masked; null where there is none. */
        readonly apiKey: string | null
        readonly secretKey: string | null
        readonly oauth2ClientSecret: string | null
        readonly authenType: string
      }
    | undefined
  /** What a note above the form says. */
  readonly notice?: "changed" | "incomplete" | "created" | undefined
}
