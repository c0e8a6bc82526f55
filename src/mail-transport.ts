/** A mail as it is given: one recipient, one line of subject, plain text. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Why a mail did not go out, without anything that a server may have quoted from it. */
export type SendResult =
  | { readonly kind: "sent"; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly kind: "failed"; readonly isFinal: boolean; readonly facts: Readonly<Record<string, unknown>> }

/** Carries one mail; never throws. */
export interface MailTransport {
  send(mail: Mail & { readonly from: string; readonly at: Date }): Promise<SendResult>
  close(): void
}
