import { type Instant, instantAfter } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import {
  countPeople,
  type DirectorySlice,
  type ListedCompany,
  type ListedUser,
  type SearchText,
  type SessionAge,
  selectCompanies,
  selectCompanyNames,
  selectUsers,
} from "./directory.store.ts"
import { sessionIdleMs } from "./session.ts"

export type { DirectorySlice, ListedCompany, ListedUser } from "./directory.store.ts"

/** Companies of the whole platform by id, name or a user's e-mail, newest first. For operators. */
export function searchCompanies(db: Queries, text: string, slice: DirectorySlice): Promise<readonly ListedCompany[]> {
  return selectCompanies(db, readSearch(text), slice)
}

/** Users of the whole platform, or of one company, by id, name or e-mail, newest first. For operators. */
export function searchUsers(
  db: Queries,
  { text, companyId }: { readonly text: string; readonly companyId?: number | undefined },
  slice: DirectorySlice,
  now: Instant,
): Promise<readonly ListedUser[]> {
  return selectUsers(db, { search: readSearch(text), companyId }, slice, aliveAt(now))
}

/**
 * One user with company and sessions. For operators.
 *
 * @throws Refusal not_found
 */
export async function getListedUser(db: Queries, userId: number, now: Instant): Promise<ListedUser> {
  const [user] = await selectUsers(db, { userId }, { before: undefined, limit: 1 }, aliveAt(now))
  if (user === undefined) throw new Refusal("not_found", "There is no such user.")
  return user
}

/** The names of companies by id; those that are not there are left out. */
export function findCompanyNames(db: Queries, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  return selectCompanyNames(db, [...new Set(ids)])
}

/** How many people a company has that may sign in, and how many sessions of theirs are alive. */
export function countCompanyPeople(
  db: Queries,
  companyId: number,
  now: Instant,
): Promise<{ readonly activeUsers: number; readonly sessions: number }> {
  return countPeople(db, companyId, aliveAt(now))
}

function aliveAt(now: Instant): SessionAge {
  return { now, usedAfter: instantAfter(now, -sessionIdleMs) }
}

const longestSearch = 100

// The database folds ASCII alone, so Đ and đ are different letters to it: names are written in one of these cases. Of what
// is the same to the database each is asked for once, since each is looked for in every name.
function readSearch(typed: string): SearchText {
  const text = typed.normalize("NFC").trim().slice(0, longestSearch)
  if (text === "") return { id: undefined, variants: [] }
  const titled = text.toLocaleLowerCase("vi").replace(/(^|\s)(\S)/gu, (found) => found.toLocaleUpperCase("vi"))
  const cases = [text, text.toLocaleLowerCase("vi"), titled, text.toLocaleUpperCase("vi")]
  const variants = [...new Set(cases.map(foldAscii))]
  return { id: /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : undefined, variants }
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
