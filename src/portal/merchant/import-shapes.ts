import type { findingMessages } from "../../messages/statement-pages.ts"

/** A statement of a file; days are yyyymmdd. */
export interface StatementView {
  readonly number: string | null
  readonly fromDay: number | null
  readonly toDay: number | null
  readonly opening: number | null
  readonly closing: number | null
  /** Undefined where it was not kept. */
  readonly lines?: number | undefined
}

/** One finding against a file: where, why, and the parser's own (English) words. */
export interface FindingView {
  readonly line: number
  readonly column?: number
  /** In a sheet: the cell's address. */
  readonly cell?: string
  readonly reason: keyof typeof findingMessages
  readonly message: string
}

/** A line of a file as it is read; money and time are texts already, since a trial may read what is no đồng. */
export interface LineView {
  readonly line: number
  readonly time: string
  readonly amount: string
  readonly isIn: boolean
  readonly balance: string
  readonly memo: string
  readonly reference: string
  readonly code: string
  /** Undefined where that is not known yet. */
  readonly isNew: boolean | undefined
}

/** What a check found that can be imported. */
export interface PreviewView {
  readonly inserted: number
  readonly duplicates: number
  readonly pending: number
  readonly ignored: number
  readonly statements: readonly StatementView[]
  readonly gaps: readonly { readonly number: string | null; readonly line: number; readonly missingAmount: number }[]
  readonly lines: readonly LineView[]
  readonly known: readonly LineView[]
  readonly skipped: readonly FindingView[]
  readonly warnings: readonly { readonly line: number; readonly message: string }[]
}
