import type { Profile } from "./protocol.ts"

/** What a client's profile requires (contract/oauth.md §4). Lifetimes in seconds. */
export interface ProfileRules {
  readonly publicClients: boolean
  readonly pkceRequired: boolean
  readonly redirectUriRequiredAtToken: boolean
  readonly codeLifetimeSeconds: number
  /** The absolute end of a family, or undefined. */
  readonly familyLifetimeSeconds: number | undefined
  readonly legacyTokenErrors: boolean
}

const rules: Readonly<Record<Profile, ProfileRules>> = {
  sepay: {
    publicClients: false,
    pkceRequired: false,
    redirectUriRequiredAtToken: true,
    codeLifetimeSeconds: 300,
    familyLifetimeSeconds: undefined,
    legacyTokenErrors: true,
  },
  oauth21: {
    publicClients: true,
    pkceRequired: true,
    redirectUriRequiredAtToken: false,
    codeLifetimeSeconds: 300,
    familyLifetimeSeconds: 365 * 86_400,
    legacyTokenErrors: false,
  },
}

export function profileRules(profile: Profile): ProfileRules {
  return rules[profile]
}
