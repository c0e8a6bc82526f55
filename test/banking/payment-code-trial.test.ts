import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { compileTemplates, findPaymentCode, type PaymentCodeTemplate } from "../../src/banking/payment-code.ts"
import { type TemplateOutcome, tryPaymentCode } from "../../src/banking/payment-code-trial.ts"

const digits = (prefix: string, suffixFrom: number, suffixTo: number, isActive = true): PaymentCodeTemplate => ({
  prefix,
  suffixFrom,
  suffixTo,
  characterType: "NumberOnly",
  isActive,
})
const letters = (prefix: string, suffixFrom: number, suffixTo: number): PaymentCodeTemplate => ({
  ...digits(prefix, suffixFrom, suffixTo),
  characterType: "NumberAndLetter",
})

test("a trial says of each template why it won or did not (contract/feeds.md §8)", () => {
  const templates = [digits("XX", 2, 2, false), digits("DH", 6, 8), digits("SP", 4, 4), letters("HD", 4, 6)]
  const outcomesOf = (memo: string, separatorTolerant = true): TemplateOutcome[] =>
    tryPaymentCode(templates, memo, { separatorTolerant }).outcomes.map(({ outcome }) => outcome)
  assert.deepEqual(outcomesOf("XX12 SP7788 DH100245"), ["off", "won", "later", "absent"])
  assert.deepEqual(outcomesOf("DH12 tra"), ["off", "short", "absent", "absent"])
  assert.deepEqual(outcomesOf("SP 7788"), ["off", "absent", "won", "absent"])
  assert.deepEqual(outcomesOf("SP 7788", false), ["off", "absent", "separated", "absent"])
  assert.deepEqual(outcomesOf("DH100245 SP 7788"), ["off", "won", "separated", "absent"])
  assert.deepEqual(outcomesOf("DH-100245 SP-7788"), ["off", "won", "later", "absent"])
  assert.deepEqual(outcomesOf("THDABCDE"), ["off", "absent", "absent", "glued"])
})

test("a trial finds exactly what recording finds, and one winner exactly when there is a code (property)", () => {
  const template = fc.record({
    prefix: fc.constantFrom("DH", "DHX", "SP", "HD"),
    suffixFrom: fc.integer({ min: 1, max: 4 }),
    suffixTo: fc.integer({ min: 4, max: 8 }),
    characterType: fc.constantFrom("NumberOnly" as const, "NumberAndLetter" as const),
    isActive: fc.boolean(),
  })
  const templates = fc.uniqueArray(template, { maxLength: 4, selector: ({ prefix }) => prefix })
  const memo = fc.stringMatching(/^(DH|HD|SP|X|đh|[0-9]{1,9}|[ A-C-]){0,8}$/)
  fc.assert(
    fc.property(templates, memo, fc.boolean(), (list, text, separatorTolerant) => {
      const { found, outcomes } = tryPaymentCode(list, text, { separatorTolerant })
      assert.deepEqual(found, findPaymentCode(compileTemplates(list), text, "", { separatorTolerant }))
      const winners = outcomes.filter(({ outcome }) => outcome === "won")
      assert.deepEqual(
        winners.map(({ code }) => code),
        found === undefined ? [] : [found.code],
      )
      for (const [index, { outcome }] of outcomes.entries()) {
        assert.equal(outcome === "off", list[index]?.isActive === false)
        if (found === undefined) assert.notEqual(outcome, "later")
      }
    }),
    { numRuns: 2000 },
  )
})
