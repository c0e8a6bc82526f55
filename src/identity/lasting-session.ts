import type { Context } from "../context.ts"
import { findSessionAgain, type Session } from "./session.ts"

/** Thrown in the middle of something that lasts, when whoever asked for it may not have the rest. */
export class SessionOver extends Error {
  override readonly name = "SessionOver"
}

const lookEveryMs = 1000

/**
 * Passes on the parts of a download as long as its session lives and still has the right to them: a reader can draw one
 * out for hours, and a sign-out, a suspension or a change of rights holds at once (contract/oauth.md §9).
 *
 * @throws SessionOver: the download breaks off, so that nobody takes it for whole
 */
export async function* whileAllowed<Part>(
  { db, clock }: Pick<Context, "db" | "clock">,
  session: Pick<Session, "publicId">,
  isAllowed: (session: Session) => boolean,
  parts: AsyncIterable<Part>,
  everyMs = lookEveryMs,
): AsyncGenerator<Part> {
  let lookedAt = performance.now()
  for await (const part of parts) {
    if (performance.now() - lookedAt >= everyMs) {
      const now = await findSessionAgain(db, session.publicId, clock.now())
      if (now === undefined || !isAllowed(now)) throw new SessionOver("The session ended, or lost the right.")
      lookedAt = performance.now()
    }
    yield part
  }
}
