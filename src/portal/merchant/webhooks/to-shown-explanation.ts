import type { Instant } from "../../../clock.ts"
import { type Language, speak } from "../../../messages/catalogue.ts"
import { explainMessages } from "../../../messages/webhook-log.ts"
import type { Explanation, Judged } from "../../../webhooks/explain.ts"
import type { Check, JudgedWebhook } from "../../../webhooks/filter.ts"
import { filterOfAccount, toVaChoice } from "./va-choice.ts"

type Words = ReturnType<typeof speak<typeof explainMessages>>

/** A condition with what was compared, in words. */
export interface ShownCheck {
  readonly name: string
  readonly wanted: string
  readonly found: string
  readonly passed: boolean
}

/** Checks with their verdict. */
export interface ShownJudgement {
  readonly isSent: boolean
  /** The first condition that was not passed. */
  readonly failed: string | undefined
  readonly checks: readonly ShownCheck[]
}

/** Why a transaction was sent or not, in words. */
export interface ShownExplanation {
  readonly transactionId: number
  readonly recordedAt: Instant
  /** Undefined: the webhook is younger. */
  readonly whenRecorded: (ShownJudgement & { readonly configVersion: number }) | undefined
  readonly now: ShownJudgement
  readonly deliveries: readonly {
    readonly kind: string
    readonly state: string
    readonly attempts: number
    readonly createdAt: Instant
    readonly lastNumber: number | null
    readonly nextRetryAt: Instant | null
  }[]
}

/** An explanation in the reader's language. Pure. */
export function toShownExplanation(explanation: Explanation, language: Language): ShownExplanation {
  const words = speak(explainMessages, language)
  const { transactionId, recordedAt, decided, now, deliveries } = explanation
  return {
    transactionId,
    recordedAt,
    whenRecorded: decided && { ...toJudgement(decided, decided.webhook, words), configVersion: decided.configVersion },
    now: toJudgement(now, now.webhook, words),
    deliveries,
  }
}

function toJudgement(judged: Judged, webhook: JudgedWebhook | undefined, words: Words): ShownJudgement {
  const names = checkNames(words)
  const verdicts: Readonly<Record<string, string>> = {
    inactive: names.active,
    import_silent: names.notified,
    account: names.account,
    va: names.va,
    direction: names.direction,
    no_code: names.code,
    prefix: names.prefix,
  }
  const checks = webhook === undefined ? [] : judged.checks.map((check) => toShownCheck(check, judged, webhook, words))
  return { isSent: judged.verdict === "sent", failed: verdicts[judged.verdict], checks }
}

function checkNames(words: Words): Readonly<Record<Check["check"], string>> {
  return {
    active: words.checkActive,
    notified: words.checkNotified,
    account: words.checkAccount,
    va: words.checkVa,
    direction: words.checkDirection,
    code: words.checkCode,
    prefix: words.checkPrefix,
  }
}

function toShownCheck(check: Check, { facts }: Judged, webhook: JudgedWebhook, words: Words): ShownCheck {
  const [wanted, found] = comparedBy(check, facts, webhook, words)
  return { name: checkNames(words)[check.check], wanted, found, passed: check.passed }
}

function comparedBy(
  { check, passed, found }: Check,
  facts: Judged["facts"],
  webhook: JudgedWebhook,
  words: Words,
): readonly [wanted: string, found: string] {
  const { bankMode, bankAccountIds, eventType, prefixFilters, skipIfNoCode } = webhook
  const code = facts.code ?? words.noCode
  switch (check) {
    case "active":
      return [words.on, passed ? words.on : words.off]
    case "notified":
      return [words.announced, passed ? words.announced : words.silent]
    case "account":
      return [
        bankMode === "all" ? words.allAccounts : words.someAccounts(bankAccountIds.length),
        found.replace(/^account /, "#"),
      ]
    case "va":
      return [vaText(webhook, facts.bankAccountId, words), facts.subAccountId === null ? words.noVa : words.byVa]
    case "direction": {
      const wanted = { All: words.moneyBoth, In_only: words.moneyIn, Out_only: words.moneyOut }[eventType]
      return [wanted, facts.direction === "in" ? words.moneyIn : words.moneyOut]
    }
    case "code":
      return [skipIfNoCode ? words.aCode : words.anything, code]
    case "prefix":
      return [prefixFilters.length === 0 ? words.anything : words.startsWith(prefixFilters.join(", ")), code]
  }
}

function vaText(webhook: JudgedWebhook, bankAccountId: number, words: Words): string {
  const texts = {
    everything: words.anyOrNoVa,
    account: words.noVa,
    vas: words.onlyByVa,
    listed: words.onlyListed,
    "account-and-listed": words.listedOrNone,
  }
  return texts[toVaChoice(filterOfAccount(webhook, bankAccountId))]
}
