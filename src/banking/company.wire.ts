import { z } from "zod"
import { dayValue, flagField, idValue, integerField, oneAnswer } from "../http/api-values.wire.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import type { CompanyProfile } from "./company-profile.ts"
import type { TemplateChange } from "./payment-code-settings.ts"

const characterTypes = ["NumberOnly", "NumberAndLetter"] as const
const prefixPattern = /^[A-Za-z][A-Za-z0-9]{1,4}$/

const templateChange = z.object(
  {
    prefix: z
      .string({ error: ({ input }) => (input === undefined || input === null ? "is required" : "must be text") })
      .regex(prefixPattern, { error: "must be 2 to 5 letters or digits, a letter first" }),
    suffix_from: integerField(1, 30).nullish(),
    suffix_to: integerField(1, 30).nullish(),
    character_type: z.enum(characterTypes, { error: "must be NumberOnly or NumberAndLetter" }).nullish(),
    is_active: flagField.nullish(),
  },
  { error: "must be an object" },
)

/** Body of PATCH /company/configurations (contract/api.md §10). */
export const configurationsBody = z.object({
  payment_code_formats: z.array(templateChange, { error: "must be an array of objects" }).nullish(),
})

/** What the body asks for; a null means the default of a new template. */
export function toTemplateChanges(body: z.output<typeof configurationsBody>): TemplateChange[] {
  return (body.payment_code_formats ?? []).map((item) => ({
    prefix: item.prefix,
    suffixFrom: item.suffix_from === null ? 6 : item.suffix_from,
    suffixTo: item.suffix_to === null ? 8 : item.suffix_to,
    characterType: item.character_type === null ? "NumberOnly" : item.character_type,
    isActive: item.is_active === null ? true : item.is_active,
  }))
}

const companyBody = z.strictObject({
  id: idValue,
  full_name: z.string(),
  short_name: z.string(),
  role: z.enum(["Admin", "SuperAdmin"]),
  status: z.enum(["active", "inactive"]),
  subscription: z.string(),
  begin_date: dayValue,
  end_date: dayValue,
  configurations: z.strictObject({
    bank_sub_account: z.boolean(),
    paycode: z.boolean(),
    data_storage_time: z
      .string()
      .regex(/^[0-9]+$/)
      .meta({ description: "Days." }),
    payment_code_formats: z.array(
      z.strictObject({
        prefix: z.string().regex(/^[A-Z][A-Z0-9]{1,4}$/),
        suffix_from: z.int().min(1).max(30),
        suffix_to: z.int().min(1).max(30),
        character_type: z.enum(characterTypes),
        is_active: z.boolean(),
      }),
    ),
  }),
})

/** Answer of GET /company, GET /companies and PATCH /company/configurations. */
export const companyAnswer = oneAnswer(companyBody)

export function toCompanyBody({ company, user, templates }: CompanyProfile): z.input<typeof companyBody> {
  return {
    id: company.id,
    full_name: company.fullName,
    short_name: company.shortName,
    role: user.role === "SuperAdmin" ? "SuperAdmin" : "Admin",
    status: user.isActive ? "active" : "inactive",
    subscription: company.subscription,
    begin_date: company.beginDay ?? formatVietnamTime(company.createdAt).slice(0, "YYYY-MM-DD".length),
    end_date: company.endDay ?? "2099-12-31",
    configurations: {
      bank_sub_account: company.subAccountsOn,
      paycode: company.paymentCodesOn,
      data_storage_time: String(company.dataStorageDays),
      payment_code_formats: templates.map((template) => ({
        prefix: template.prefix,
        suffix_from: template.suffixFrom,
        suffix_to: template.suffixTo,
        character_type: template.characterType,
        is_active: template.isActive,
      })),
    },
  }
}
