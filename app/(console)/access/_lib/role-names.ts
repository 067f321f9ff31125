import type { Role } from "#core/access/contract.ts";

/** The contract's roles, strongest last, without its code. A role that is added there must be added here. */
export const roleWords = {
  viewer: "sees clusters, snapshots and what is inside, without values",
  operator: "also takes, uploads, pins and deletes snapshots",
  restorer: "also reads values, reveals secrets, downloads and restores",
  auditor: "sees what a viewer sees, and the audit log",
  administrator: "may do everything",
} as const satisfies Record<Role, string>;

export const roleNames = Object.keys(roleWords) as readonly Role[];

/** Where somebody may give each role: null is everywhere, an empty list nowhere. */
export type Givable = Record<Role, readonly GivablePlace[] | null>;
export type GivablePlace = { clusterId: string | null; datacenter: string | null };
