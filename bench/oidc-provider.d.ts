// What the benchmarks use of oidc-provider, which brings no types.
declare module "oidc-provider" {
  interface Model {
    save(): Promise<string>
  }
  interface Grant extends Model {
    addResourceScope(resource: string, scope: string): void
  }
  export class Provider {
    constructor(issuer: string, configuration: object)
    Client: { find(clientId: string): Promise<object | undefined> }
    Grant: new (
      fields: object,
    ) => Grant
    AuthorizationCode: new (
      fields: object,
    ) => Model
    callback(): import("node:http").RequestListener
  }
}

declare module "oidc-provider/lib/adapters/memory_adapter.js" {
  class MemoryAdapter {
    constructor(model: string, store: object)
  }

  // biome-ignore lint/style/noDefaultExport: the package's own form
  export { MemoryAdapter as default }
}
