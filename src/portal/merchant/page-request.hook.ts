import type { FastifyReply, FastifyRequest } from "fastify"
import { formValue } from "../../http/form-body.ts"
import type { FrameUser } from "../../http/layout.page.ts"
import { formOf, redirectTo } from "../../http/page-answer.ts"
import type { AuditActor } from "../../identity/audit-log.ts"
import { sessionOf } from "../../identity/require-session.hook.ts"
import type { CompanyId } from "../../ids.ts"
import type { Language } from "../../messages/catalogue.ts"
import { Refusal } from "../../refusal.ts"

const idShape = /^[1-9][0-9]{0,15}$/

/**
 * An id of the path.
 *
 * @throws Refusal not_found for what is none
 */
export function pathId(request: FastifyRequest, name: string): number {
  const id = toId((request.params as Readonly<Record<string, string | undefined>>)[name])
  if (id === undefined) throw new Refusal("not_found", "There is no such page.")
  return id
}

/** A text as an id; undefined when it is none. */
export function toId(text: string | undefined): number | undefined {
  const id = Number(text)
  return text !== undefined && idShape.test(text) && Number.isSafeInteger(id) ? id : undefined
}

/** A value of the query, of several the last; empty counts as absent. */
export function queryText(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Readonly<Record<string, unknown>>)[name]
  const last: unknown = Array.isArray(value) ? value.at(-1) : value
  return typeof last === "string" && last !== "" ? last : undefined
}

/** A field of the form that was sent; absent is empty. */
export function fieldOf(request: FastifyRequest, name: string): string {
  return formValue(formOf(request), name) ?? ""
}

/** What every page of a company is made from. */
export interface PageFrame {
  readonly language: Language
  readonly user: FrameUser
}

/** The frame of a request behind `requireSession`. */
export function frameOf(request: FastifyRequest): PageFrame {
  return { language: request.language, user: sessionOf(request) }
}

/** Who changes something of their company at a page. */
export function managerOf(request: FastifyRequest): { readonly companyId: CompanyId; readonly actor: AuditActor } {
  const { companyId, userId } = sessionOf(request)
  return { companyId: companyId as CompanyId, actor: { kind: "user", id: userId } }
}

/** Leads on after a post, with a code that the next page turns into words. */
export function done(reply: FastifyReply, path: string, code: string): FastifyReply {
  return redirectTo(reply, `${path}?done=${code}`)
}

/** Which fields of a form were refused, in the operation's names; undefined when the error is no such refusal. */
export function refusedFields(error: unknown): Readonly<Record<string, readonly string[]>> | undefined {
  if (!(error instanceof Refusal) || error.reason !== "invalid") return undefined
  return error.details.errors
}

/** Whether an error is a refusal for that reason. */
export function isRefused(error: unknown, reason: Refusal["reason"]): boolean {
  return error instanceof Refusal && error.reason === reason
}
