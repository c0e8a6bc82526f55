import { randomBytes } from "node:crypto"
import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { cookieName, formatCookie, readCookie } from "../http/cookies.ts"
import { begunSignInMs } from "./begun-sign-in.ts"
import { placeMemoryMs } from "./known-places.ts"
import { linkLifetimeMs } from "./one-time-link.ts"
import { sessionLifetimeMs, type Visitor } from "./session.ts"

/** The cookies of signing in, without prefix, and how long a browser keeps each; null: until it closes. */
const lifetimesMs = {
  sepay_session: sessionLifetimeMs,
  /** Names the browser of a sign-in form, so that nobody can sign a stranger's browser in to an account of his own. */
  sepay_form: null,
  /** Shows that the browser made a sign-up, as long as its link opens. */
  sepay_sign_up: linkLifetimeMs.verify_email,
  /** A right password that waits for its code. */
  sepay_sign_in: begunSignInMs,
  /** Tells a browser from others, for the warning about a strange one. */
  sepay_browser: placeMemoryMs,
} as const

type SignInCookie = keyof typeof lifetimesMs

const shape = /^[A-Za-z0-9_-]{43}$/

/** A cookie of signing in, if it has the form of one. */
export function readSignInCookie(context: Context, request: FastifyRequest, name: SignInCookie): string | undefined {
  const value = readCookie(request.headers.cookie, cookieName(name, isSecure(context)))
  return value !== undefined && shape.test(value) ? value : undefined
}

/** Gives the browser a cookie of signing in, or takes it away. */
export function setSignInCookie(context: Context, reply: FastifyReply, name: SignInCookie, value: string | null): void {
  const lifetimeMs = value === null ? 0 : lifetimesMs[name]
  const cookie = { name, value: value ?? "", secure: isSecure(context) }
  const age = lifetimeMs === null ? {} : { maxAgeSeconds: lifetimeMs / 1000 }
  reply.header("set-cookie", formatCookie({ ...cookie, ...age }))
}

/** A value for a cookie: 32 random bytes. */
export function newCookieValue(): string {
  return randomBytes(32).toString("base64url")
}

/** Where a sign-in comes from. */
export function visitorOf(context: Context, request: FastifyRequest): Visitor {
  return {
    ip: request.ip,
    userAgent: request.headers["user-agent"] ?? "",
    oldCookie: readSignInCookie(context, request, "sepay_session"),
    browser: readSignInCookie(context, request, "sepay_browser") ?? newCookieValue(),
  }
}

function isSecure({ config }: Context): boolean {
  return config.url.startsWith("https:")
}
