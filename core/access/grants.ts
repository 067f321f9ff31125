import { z } from "zod";
import type { Grant } from "#core/kernel/permission.ts";
import { grantView } from "./contract.ts";

// Without a cluster a grant reaches everywhere, so one that names a datacenter alone would hold more than it says.
const stored = z
  .array(grantView)
  .refine((grants) => grants.every((grant) => grant.clusterId !== null || grant.datacenter === null));

/** Grants as they are kept. What can't be read grants nothing. */
export function parseGrants(json: string | null | undefined): Grant[] {
  try {
    const parsed = stored.safeParse(JSON.parse(json ?? "[]"));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

export function toGrantsJson(grants: readonly Grant[]): string {
  return JSON.stringify(grants.map(({ role, clusterId, datacenter }) => ({ role, clusterId, datacenter })));
}

/** The role that may everything everywhere. */
export const everywhereAdministrator: Grant = { role: "administrator", clusterId: null, datacenter: null };

export const administersAll = (grants: readonly Grant[]): boolean =>
  grants.some((grant) => grant.role === "administrator" && grant.clusterId === null);
