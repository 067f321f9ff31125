import { isWithin, roles } from "#core/access/contract.ts";
import type { Grant } from "#core/kernel/permission.ts";
import type { Givable } from "./role-names.ts";

/**
 * The roles that somebody with these grants can hand on to a token, and where. Worked out on the server: the table
 * of roles would bring the whole of zod into the page.
 */
export function givableBy(grants: readonly Grant[]): Givable {
  const places = grants.map(({ clusterId, datacenter }) => ({ clusterId, datacenter }));
  const of = (role: Grant["role"]) => {
    if (isWithin([{ role, clusterId: null, datacenter: null }], grants)) return null;
    return places.filter((place) => isWithin([{ role, ...place }], grants));
  };
  return Object.fromEntries(roles.map((role) => [role, of(role)])) as Givable;
}
