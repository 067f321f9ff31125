import { z } from "zod";
import type { Grant } from "#core/kernel/permission.ts";
import { grantView } from "./contract.ts";

const stored = z.array(grantView);

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
