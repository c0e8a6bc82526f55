import { createReadStream, readFileSync, statSync } from "node:fs"
import { basename } from "node:path"
import type { ImportResult, StatementImport } from "../feeds/import-statement.ts"
import { formatVnd, toVnd } from "../money.ts"
import { Refusal } from "../refusal.ts"
import { type Command, type Input, type Outcome, UsageError } from "./command.ts"
import { withDatabase } from "./with-database.ts"

const mostId = Number.MAX_SAFE_INTEGER

/** `./sepay import` (contract/feeds.md §5.1). */
export const importFile: Command = {
  name: "import",
  summary: "Imports a bank statement: all of its lines, or none",
  positionals: [{ value: "FILE", help: "MT940, camt.053, camt.054, CSV or .xlsx, as the bank gave it" }],
  options: {
    "account-id": { kind: "text", value: "N", help: "The account, or all: by the numbers in the file", required: true },
    "company-id": { kind: "number", value: "N", help: "With --account-id all: whose accounts", least: 1, most: mostId },
    test: { kind: "flag", help: "With --account-id all: the test accounts" },
    format: {
      kind: "text",
      value: "FORMAT",
      help: "auto if absent",
      choices: ["auto", "mt940", "camt", "csv", "xlsx"],
    },
    profile: { kind: "text", value: "NAME|FILE.json", help: "CSV, .xlsx: which column is what, saved or as a file" },
    "save-profile": { kind: "text", value: "NAME", help: "CSV, .xlsx: keeps the columns under this name" },
    sheet: { kind: "text", value: "NAME", help: ".xlsx: which sheet, the first with rows if absent" },
    encoding: {
      kind: "text",
      value: "ENCODING",
      help: "If it is not Unicode",
      choices: ["utf-8", "windows-1252", "windows-1258"],
    },
    notify: {
      kind: "text",
      value: "WHICH",
      help: "What webhooks hear of: recent for live accounts, all for test ones if absent",
      choices: ["recent", "all", "none"],
    },
    disjoint: { kind: "flag", help: "No line of it is in an earlier file, so equal lines are twins" },
    force: { kind: "flag", help: "Reads a file again that was imported before" },
    "skip-unreadable": { kind: "flag", help: "Leaves lines out that cannot be read" },
    "dry-run": { kind: "flag", help: "Tells what would happen, and keeps nothing" },
  },
  examples: ["./sepay import statement.sta --account-id 1"],
  run: async (input) => {
    const request = readRequest(input)
    const { importStatement } = await import("../feeds/import-statement.ts")
    const result = await withDatabase(({ db, clock }) => importStatement(db, clock, request))
    return result.kind === "refused" ? describeRefused(result.errors, input) : describe(result)
  },
}

function readRequest(input: Input): StatementImport {
  const file = input.positional(0)
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new Refusal("not_found", `There is no file ${file}.`)
  }
  const profile = input.text("profile")
  const saveProfile = input.text("save-profile")
  const sheet = input.text("sheet")
  const choices = { format: input.text("format"), encoding: input.text("encoding"), notify: input.text("notify") }
  const chosen = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined))
  return {
    open: () => createReadStream(file),
    fileName: basename(file),
    account: readAccount(input),
    // Each is one of its option's choices, which are the values of the field.
    ...(chosen as Pick<StatementImport, "format" | "encoding" | "notify">),
    ...(profile !== undefined && { profile: profile.endsWith(".json") ? readProfile(profile) : profile }),
    ...(saveProfile !== undefined && { saveProfile }),
    ...(sheet !== undefined && { sheet }),
    disjoint: input.flag("disjoint"),
    force: input.flag("force"),
    skipUnreadable: input.flag("skip-unreadable"),
    dryRun: input.flag("dry-run"),
    importedBy: "command line",
    onProgress: showProgress(input),
  }
}

function readAccount(input: Input): StatementImport["account"] {
  const text = input.requiredText("account-id")
  const companyId = input.number("company-id")
  if (text === "all") {
    if (companyId === undefined) throw new UsageError("--account-id all needs --company-id N.")
    return { companyId, mode: input.flag("test") ? "test" : "live" }
  }
  const id = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0) return { id }
  throw new UsageError(`--account-id must be the number of an account or all, not "${text}".`)
}

function readProfile(file: string): Exclude<StatementImport["profile"], string | undefined> {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch (error) {
    throw new UsageError(`--profile: ${file} cannot be read as JSON (${(error as Error).message}).`)
  }
}

const linesBetweenReports = 10_000

function showProgress(input: Input): NonNullable<StatementImport["onProgress"]> {
  let reported = ""
  return ({ stage, bytesRead, linesRead, rows }) => {
    const step = `${stage} ${Math.floor(Math.max(linesRead, rows) / linesBetweenReports)}`
    if (step === reported) return
    reported = step
    input.progress(`${stage}: ${bytesRead} bytes, ${linesRead} lines read, ${rows} rows`)
  }
}

function describe(result: Exclude<ImportResult, { kind: "refused" }>): Outcome {
  if (result.kind === "already_imported") {
    return {
      json: { inserted: 0, duplicates: 0, gaps: [], already_imported: result.importId },
      text: `This file was imported before (import ${result.importId}): nothing to do. --force reads it again.`,
    }
  }
  const { inserted, duplicates, pending, gaps, ignored, skipped, warnings } = result
  const wouldBe = result.kind === "dry_run" ? "Would insert" : "Inserted"
  const lines = [
    `${wouldBe} ${inserted}, known already ${duplicates}, pending ${pending}, ignored ${ignored}, skipped ${skipped.length}.`,
    ...gaps.map((gap) => {
      const statement = `Statement ${gap.statementNumber ?? "without number"} of account ${gap.accountId} (line ${gap.line})`
      return `Gap: ${statement} does not add up: ${formatVnd(toVnd(gap.missingAmount), "en")} missing.`
    }),
    ...warnings.map(({ line, message }) => `Line ${line}: ${message}`),
  ]
  return {
    json: {
      ...{ inserted, duplicates, pending, ignored, skipped, warnings, dry_run: result.kind === "dry_run" },
      gaps: gaps.map((gap) => ({
        account_id: gap.accountId,
        statement_number: gap.statementNumber,
        line: gap.line,
        opening: gap.opening,
        closing: gap.closing,
        missing_amount: gap.missingAmount,
      })),
      ...("preview" in result && { preview: result.preview }),
    },
    text: lines.join("\n"),
  }
}

type Refused = Extract<ImportResult, { kind: "refused" }>

// The reasons go where errors go, for people and for programs alike.
function describeRefused(errors: Refused["errors"], input: Input): Outcome {
  const lines = errors.map(({ line, column, reason, message }) => {
    return `Line ${line}${column === undefined ? "" : `, column ${column}`}: ${reason}: ${message}`
  })
  for (const line of lines) input.progress(line)
  const [first] = lines
  return {
    json: { error: "refused", message: `Nothing was imported. ${first ?? ""}`.trim(), errors },
    text: "Nothing was imported.",
    failed: true,
  }
}
