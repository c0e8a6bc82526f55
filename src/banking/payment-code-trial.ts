import {
  compileTemplates,
  type FoundPaymentCode,
  findPaymentCode,
  foldText,
  type PaymentCodeTemplate,
} from "./payment-code.ts"

/**
 * What came of one template in a trial: `won`; `off` (switched off); `later` (would match, an earlier one won); `absent`
 * (its prefix is not in the memo); `separated` (matches only across a separator, which is switched off or comes second to a
 * direct match); `short` (too little of what it takes follows the prefix); `glued` (letters only, glued to others).
 */
export type TemplateOutcome = "won" | "off" | "later" | "absent" | "separated" | "short" | "glued"

/** What the live tester shows (contract/feeds.md §8). */
export interface PaymentCodeTrial {
  readonly found: FoundPaymentCode | undefined
  /** By the place of the template. */
  readonly outcomes: readonly { readonly outcome: TemplateOutcome; readonly code: string | undefined }[]
}

/**
 * Tries a memo on templates by the very function that recording uses, and says of each template why it won or did not.
 * The company's `paymentCodesOn` switch is the caller's to tell.
 */
export function tryPaymentCode(
  templates: readonly PaymentCodeTemplate[],
  memo: string,
  options: { readonly separatorTolerant: boolean },
): PaymentCodeTrial {
  const found = findPaymentCode(compileTemplates(templates), memo, "", options)
  const outcomes = templates.map((template, index) => {
    if (!template.isActive) return { outcome: "off" as const, code: undefined }
    if (found?.templateIndex === index) return { outcome: "won" as const, code: found.code }
    const direct = alone(template, memo, false)
    if (direct !== undefined) return { outcome: "later" as const, code: direct }
    const separated = alone(template, memo, true)
    if (separated === undefined) return { outcome: whyNothing(template, memo), code: undefined }
    const isLater = options.separatorTolerant && found?.pass === "separator"
    return { outcome: isLater ? ("later" as const) : ("separated" as const), code: separated }
  })
  return { found, outcomes }
}

function alone(template: PaymentCodeTemplate, memo: string, separatorTolerant: boolean): string | undefined {
  return findPaymentCode(compileTemplates([template]), memo, "", { separatorTolerant })?.code
}

function whyNothing(template: PaymentCodeTemplate, memo: string): TemplateOutcome {
  const { prefix, characterType, suffixFrom } = template
  const text = foldText(memo)
  const taken = characterType === "NumberOnly" ? /^[0-9]*/ : /^[0-9A-Z]*/
  let outcome: TemplateOutcome = "absent"
  for (let at = text.indexOf(prefix); at !== -1; at = text.indexOf(prefix, at + 1)) {
    const follows = taken.exec(text.slice(at + prefix.length))?.[0] ?? ""
    if (follows.length >= suffixFrom) return "glued"
    outcome = "short"
  }
  return outcome
}
