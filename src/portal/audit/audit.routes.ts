import { Readable } from "node:stream"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { transaction } from "../../database/engine.ts"
import { sendPage } from "../../http/page-answer.ts"
import {
  type AuditPosition,
  type AuditRecord,
  listAuditEntries,
  platformItself,
  recordAudit,
} from "../../identity/audit-log.ts"
import { findCompanyNames } from "../../identity/directory.ts"
import { whileAllowed } from "../../identity/lasting-session.ts"
import { isAdministrator } from "../../identity/permission.ts"
import {
  requireAdministrator,
  requireOperator,
  requireSession,
  sessionOf,
} from "../../identity/require-session.hook.ts"
import type { Session } from "../../identity/session.ts"
import { listUsers, type User } from "../../identity/user.ts"
import type { Language } from "../../messages/catalogue.ts"
import { personName } from "../../messages/person-name.ts"
import { findClientNames } from "../../oauth/client-names.ts"
import { Refusal } from "../../refusal.ts"
import { type AuditArea, auditPage } from "./audit.page.ts"
import { clientsOf, renderAuditCsv } from "./audit-csv.ts"
import { filterQuery, positionText, type ReadFilter, readAuditFilter, readPosition } from "./audit-filter.ts"
import { type AuditLine, toAuditLine } from "./audit-view.ts"

const onAPage = 50
const mayRead = { company: isAdministrator, operator: ({ isOperator }: Session) => isOperator }
const inABatch = 500

/** GET /audit for a company's administrators and /operator/audit for operators, each as a page and as CSV. */
export function auditRoutes(pages: FastifyInstance, context: Context): void {
  const onRequest = requireSession(context)
  const gates = { company: requireAdministrator(), operator: requireOperator() }
  for (const [area, path] of [
    ["company", "/audit"],
    ["operator", "/operator/audit"],
  ] as const) {
    const options = { onRequest, preHandler: gates[area] }
    pages.get(path, options, (request, reply) => answerPage(context, area, request, reply))
    pages.get(`${path}.csv`, options, (request, reply) => answerCsv(context, area, request, reply))
  }
}

async function answerPage(
  context: Context,
  area: AuditArea,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const session = sessionOf(request)
  const query = request.query as Readonly<Record<string, unknown>>
  const asked = readAuditFilter(query)
  const people = area === "company" ? await listUsers(context.db, { companyId: session.companyId }) : []
  checkPerson(area, asked, people)
  const isWrong = Object.keys(asked.problems).length > 0
  const after = readPosition(query["after"])
  const found = isWrong
    ? { lines: [], next: undefined }
    : await readLines(
        context,
        { area, companyId: session.companyId, asked, language: request.language },
        after,
        onAPage,
      )
  const kept = filterQuery(asked.typed)
  const nextQuery = new URLSearchParams(kept)
  if (found.next !== undefined) nextQuery.set("after", positionText(found.next))
  const page = auditPage({
    language: request.language,
    user: session,
    area,
    typed: asked.typed,
    problems: asked.problems,
    isNarrowed: asked.isNarrowed,
    people: people.map((user) => ({ id: user.id, name: nameOf(user, request.language) })),
    lines: found.lines,
    query: kept.toString(),
    nextQuery: found.next === undefined ? undefined : nextQuery.toString(),
    isFirst: after === undefined,
  })
  return sendPage(reply, page, isWrong ? 400 : 200)
}

async function answerCsv(
  context: Context,
  area: AuditArea,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { db, clock } = context
  const session = sessionOf(request)
  const { companyId, userId } = session
  const { language } = request
  const asked = readAuditFilter(request.query as Readonly<Record<string, unknown>>)
  if (Object.keys(asked.problems).length > 0) throw new Refusal("invalid", "The filter cannot be read.")
  checkPerson(area, asked, area === "company" ? await listUsers(db, { companyId }) : [])
  reply.type("text/csv; charset=utf-8").header("content-disposition", 'attachment; filename="audit-log.csv"')
  // It takes nothing away, so it is no download either.
  if (request.method === "HEAD") return reply.send(Readable.from([]))
  await transaction(db, (tx) =>
    recordAudit(tx, clock.now(), {
      companyId: area === "company" ? companyId : platformItself,
      actor: { kind: area === "company" ? "user" : "operator", id: userId },
      action: "audit.export",
      subjectId: area === "company" ? companyId : platformItself,
      details: {},
    }),
  )
  const read = (after: AuditPosition | undefined) =>
    readLines(context, { area, companyId, asked, language }, after, inABatch)
  return reply.send(Readable.from(whileAllowed(context, session, mayRead[area], renderAuditCsv(read, language))))
}

// Whoever is not of the company is not there, as in any address.
function checkPerson(area: AuditArea, { filter }: ReadFilter, people: readonly User[]): void {
  const id = filter.actor?.id
  if (area === "operator" || id === undefined || people.some((user) => user.id === id)) return
  throw new Refusal("not_found", "There is no such user.")
}

interface Asked {
  readonly area: AuditArea
  readonly companyId: number
  readonly asked: ReadFilter
  readonly language: Language
}

async function readLines(
  { db }: Context,
  { area, companyId, asked, language }: Asked,
  after: AuditPosition | undefined,
  limit: number,
): Promise<{ readonly lines: readonly AuditLine[]; readonly next: AuditPosition | undefined }> {
  const isOperator = area === "operator"
  const filter = isOperator ? asked.filter : { ...asked.filter, companyId }
  const { entries, next } = await listAuditEntries(db, filter, { after, limit })
  const [clientNames, companyNames] = await Promise.all([
    findClientNames(db, clientsOf(entries)),
    isOperator ? findCompanyNames(db, companiesOf(entries)) : undefined,
  ])
  const reader = { language, isOperator, clientNames, ...(companyNames !== undefined && { companyNames }) }
  return { lines: entries.map((entry) => toAuditLine(entry, reader)), next }
}

function companiesOf(entries: readonly AuditRecord[]): readonly number[] {
  return entries.map(({ companyId }) => companyId)
}

function nameOf(user: User, language: Language): string {
  const name = personName(user, language)
  return name === user.email ? name : `${name} (${user.email})`
}
