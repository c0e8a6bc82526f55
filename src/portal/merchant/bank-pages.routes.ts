import type { FastifyInstance } from "fastify"
import type { Context } from "../../context.ts"
import { createUploadJobs } from "../../feeds/upload-jobs.ts"
import { bankAccountRoutes } from "./bank-accounts.routes.ts"
import { feedRoutes } from "./feeds.routes.ts"
import { gapRoutes } from "./gaps.routes.ts"
import { importColumnsRoutes } from "./import-columns.routes.ts"
import { paymentCodeTemplateRoutes } from "./payment-code-templates.routes.ts"
import { paymentCodeRoutes } from "./payment-codes.routes.ts"
import { simulateRoutes } from "./simulate.routes.ts"
import { statementImportRoutes } from "./statement-import.routes.ts"
import { statementUploadRoutes } from "./statement-upload.routes.ts"
import { subAccountRoutes } from "./sub-accounts.routes.ts"

/** A company's bank accounts with all that brings money into sight: statements, feeds, virtual accounts, payment codes. */
export async function bankPages(pages: FastifyInstance, context: Context): Promise<void> {
  const jobs = createUploadJobs(context)
  pages.addHook("onClose", () => jobs.stop())
  bankAccountRoutes(pages, context)
  subAccountRoutes(pages, context)
  gapRoutes(pages, context)
  await statementUploadRoutes(pages, context, jobs)
  statementImportRoutes(pages, context, jobs)
  importColumnsRoutes(pages, context, jobs)
  feedRoutes(pages, context)
  simulateRoutes(pages, context)
  paymentCodeRoutes(pages, context)
  paymentCodeTemplateRoutes(pages, context)
}
