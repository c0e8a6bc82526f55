/** The platform cannot start here and now; the message is one line that says what and what to do. */
export class StartError extends Error {
  override readonly name = "StartError"
}
