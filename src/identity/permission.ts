/** Roles within a company (contract/api.md §2). */
export const roles = ["SuperAdmin", "Admin", "User"] as const
export type Role = (typeof roles)[number]

/** What a User may be given one by one; SuperAdmin and Admin may do everything (contract/api.md §2). */
export const permissions = [
  "bank_account.list",
  "bank_account.detail",
  "transaction.list",
  "webhook.list",
  "webhook.create",
  "webhook.update",
  "webhook.delete",
  "application.manage",
] as const
export type Permission = (typeof permissions)[number]

/** The part of a user that decides what the user may do. */
export interface Actor {
  readonly role: Role
  readonly permissions: readonly Permission[]
}

/** Whether the role administers its company. */
export function isAdministrator(actor: Actor): boolean {
  return actor.role === "SuperAdmin" || actor.role === "Admin"
}

/** Whether the user may do what the permission names. */
export function isPermitted(actor: Actor, permission: Permission): boolean {
  return isAdministrator(actor) || actor.permissions.includes(permission)
}
