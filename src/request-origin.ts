import { AsyncLocalStorage } from "node:async_hooks"

/** Where the request that is being answered came from. */
export interface RequestOrigin {
  /** The caller's address, proxies that are believed taken into account. */
  readonly ip: string
}

const origins = new AsyncLocalStorage<RequestOrigin>()

/** Answers a request: all that `answer` does, and all that it waits for, knows the request's origin. */
export function answerFrom(origin: RequestOrigin, answer: () => void): void {
  origins.run(origin, answer)
}

/** The origin of the request that is being answered; undefined outside requests (commands, background work). */
export function currentOrigin(): RequestOrigin | undefined {
  return origins.getStore()
}
