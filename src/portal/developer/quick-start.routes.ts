import type { FastifyInstance } from "fastify"
import type { Context } from "../../context.ts"
import { sendPage } from "../../http/page-answer.ts"
import { requirePermission, requireSession } from "../../identity/require-session.hook.ts"
import { quickStartPage, type Sample } from "./quick-start.page.ts"
import { appPage, ownClientOf } from "./requests.routes.ts"
import { phpSample } from "./samples/php-sample.ts"
import { pythonSample } from "./samples/python-sample.ts"
import { type SampleValues, sampleValuesOf } from "./samples/sample-values.ts"
import { shellSample } from "./samples/shell-sample.ts"
import { typescriptSample } from "./samples/typescript-sample.ts"

/** GET the quick start of an app: samples with its own values. */
export function quickStartRoutes(pages: FastifyInstance, context: Context): void {
  const options = { onRequest: requireSession(context), preHandler: requirePermission("application.manage") }
  pages.get("/developer/apps/:client_id/quick-start", options, async (request, reply) => {
    const client = await ownClientOf(request, context)
    const values = sampleValuesOf(client, context.config.url)
    const approved = client.state === "approved"
    return sendPage(
      reply,
      quickStartPage({ ...appPage(request, client), values, approved, samples: samplesOf(values) }),
    )
  })
}

function samplesOf(values: SampleValues): readonly Sample[] {
  return [
    { id: "shell", name: "curl", file: "quick-start.sh", run: "sh quick-start.sh", code: shellSample(values) },
    {
      id: "typescript",
      name: "TypeScript",
      file: "quick-start.ts",
      run: "node quick-start.ts",
      code: typescriptSample(values),
    },
    { id: "php", name: "PHP", file: "quick-start.php", run: "php quick-start.php", code: phpSample(values) },
    { id: "python", name: "Python", file: "quick_start.py", run: "python3 quick_start.py", code: pythonSample(values) },
  ]
}
