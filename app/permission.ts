/** GitHub's levels, lowest first: https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
export const PERMISSIONS = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Whether `has` is at least `needs`. */
export const atLeast = (has: Permission, needs: Permission): boolean =>
  PERMISSIONS.indexOf(has) >= PERMISSIONS.indexOf(needs);
