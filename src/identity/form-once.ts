import { randomBytes } from "node:crypto"
import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { findSentForm, insertSentForm, updateSentForm } from "./forms-sent.store.ts"

/** How long a form that was sent is remembered: longer than any session lives, so than any form can be sent. */
export const sentFormMemoryMs = 31 * 24 * 3600 * 1000

const keyShape = /^[A-Za-z0-9_-]{22}$/

/** A key for the field `form_key` of a form that makes something: each time the form is shown, another one. */
export function newFormKey(): string {
  return randomBytes(16).toString("base64url")
}

/** Whether a text has the form of such a key. */
export function isFormKey(text: string | undefined): text is string {
  return text !== undefined && keyShape.test(text)
}

/**
 * Does what a form asks for once, however often it is sent (double click, back button, two tabs with one form): all in one
 * database transaction with the note that it was done.
 *
 * @param make does it within `tx` and returns the path of this site that shows what was made
 * @returns that path; for a form sent before, where it led then, `again`, and when it was sent
 * @throws Refusal invalid (no form key), and what `make` throws: then the form may be sent again
 */
export async function onceOnly(
  db: Database,
  form: { readonly userId: number; readonly formKey: string | undefined; readonly now: Instant },
  make: (tx: Queries) => Promise<string>,
): Promise<{ readonly ledTo: string; readonly again: boolean; readonly sentAt: Instant }> {
  const { userId, formKey, now } = form
  if (!isFormKey(formKey)) {
    throw new Refusal("invalid", "form_key is missing: open the form again and send it from there.")
  }
  return transaction(db, async (tx) => {
    if (!(await insertSentForm(tx, { userId, formKey }, now))) {
      const sent = await findSentForm(tx, { userId, formKey })
      if (sent === undefined) throw new Refusal("invalid", "form_key is another user's.")
      return { ...sent, again: true }
    }
    const ledTo = await make(tx)
    await updateSentForm(tx, { userId, formKey, ledTo })
    return { ledTo, again: false, sentAt: now }
  })
}
