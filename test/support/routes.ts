import diagnostics from "node:diagnostics_channel"
import type { FastifyInstance } from "fastify"

/** A route that the app answers. */
export interface KnownRoute {
  readonly method: "GET" | "POST"
  /** As it was registered: `/webhooks/:id`. */
  readonly path: string
}

/** Collects the routes of pages, but for assets, of the next Fastify app that is made in this process. */
export function collectPageRoutes(): readonly KnownRoute[] {
  const routes: KnownRoute[] = []
  const watch = (message: unknown): void => {
    diagnostics.unsubscribe("fastify.initialization", watch)
    const { fastify } = message as { readonly fastify: FastifyInstance }
    fastify.addHook("onRoute", (route) => {
      const methods = [route.method].flat()
      // The page scope's own hook says that a route is a page, and it runs after this one.
      queueMicrotask(() => {
        const { surface } = (route.config ?? {}) as { readonly surface?: string }
        // What only says that a path has no such method hides from the description.
        if (surface !== "pages" || (route.schema as { readonly hide?: boolean } | undefined)?.hide === true) return
        for (const method of ["GET", "POST"] as const) {
          if (methods.includes(method)) routes.push({ method, path: route.url })
        }
      })
    })
  }
  diagnostics.subscribe("fastify.initialization", watch)
  return routes
}
