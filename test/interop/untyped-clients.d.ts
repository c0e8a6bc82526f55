// As much of two libraries without types of their own as the tests use.

declare module "simple-oauth2" {
  export interface AccessToken {
    readonly token: Readonly<Record<string, unknown>>
    expired(windowSeconds?: number): boolean
    refresh(parameters?: Record<string, string>): Promise<AccessToken>
    revoke(type: "access_token" | "refresh_token"): Promise<void>
    revokeAll(): Promise<void>
  }

  export class AuthorizationCode {
    constructor(options: {
      readonly client: { readonly id: string; readonly secret: string }
      readonly auth: Readonly<Record<"tokenHost" | "tokenPath" | "authorizePath" | "revokePath", string>>
      readonly options: { readonly authorizationMethod: "header" | "body" }
    })
    authorizeURL(parameters: Record<string, string>): string
    getToken(parameters: Record<string, string>): Promise<AccessToken>
    createToken(token: object): AccessToken
  }
}

declare module "passport-oauth2" {
  interface Request {
    readonly query: Readonly<Record<string, string>>
    readonly session: object
  }

  interface Tokens {
    readonly accessToken: string
    readonly refreshToken: string
    readonly parameters: Readonly<Record<string, unknown>>
  }

  type Verify = (
    accessToken: string,
    refreshToken: string,
    parameters: Tokens["parameters"],
    profile: unknown,
    done: (error: null, user: Tokens) => void,
  ) => void

  export class Strategy {
    constructor(options: Readonly<Record<string, string | boolean | readonly string[]>>, verify: Verify)
    authenticate(request: Request, options?: object): void
    // What passport adds to a strategy before it calls `authenticate`.
    redirect: (url: string) => void
    success: (user: Tokens) => void
    fail: (challenge: { readonly message?: string }) => void
    error: (error: Error & { readonly code?: string; readonly status?: number }) => void
    readonly _oauth2: {
      getOAuthAccessToken(
        token: string,
        parameters: Record<string, string>,
        done: (error: { data?: string } | null, access: string, refresh: string, all: Tokens["parameters"]) => void,
      ): void
    }
  }
}
