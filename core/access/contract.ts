import type { Rights } from "#core/kernel/operation.ts";
import { covers, type Grant, type Permission, type Place, permissions } from "#core/kernel/permission.ts";
import { type Role, roles } from "./grant-shapes.ts";

export * from "./account-shapes.ts";
export * from "./grant-shapes.ts";
export * from "./people-shapes.ts";
export * from "./sign-in-shapes.ts";

// A token never may more than its maker, so everybody may make one for their own programs.
const viewer: Permission[] = ["cluster.read", "snapshot.read", "restore.read", "token.make"];
const operator: Permission[] = [
  ...viewer,
  "snapshot.take",
  "snapshot.upload",
  "snapshot.pin",
  "snapshot.delete",
  "drill.run",
];

/** Where an identity provider sends people back to, below the base URL. */
export const callbackPath = "/api/auth/callback/oidc";

/** The one table of who may do what. */
export const permissionsOfRole: Record<Role, readonly Permission[]> = {
  viewer,
  operator,
  // Whoever may download an archive holds every secret in it.
  restorer: [
    ...operator,
    "snapshot.values",
    "secret.reveal",
    "snapshot.download",
    "restore.run",
    "restore.approve",
  ],
  auditor: [...viewer, "audit.read"],
  administrator: permissions,
};

export type Verdict = { allowed: true } | { allowed: false; reason: string };

const holds = (grant: Grant, permission: Permission): boolean => {
  const known = roles.find((role) => role === grant.role);
  return known !== undefined && permissionsOfRole[known].includes(permission);
};

/**
 * May whoever holds these rights do this there? Pure: the same answer for a screen that disables a button and for
 * the server that refuses the act.
 * @param places each of them has to allow it; null: it is enough that one does somewhere.
 */
export function evaluate(
  rights: Rights,
  permission: Permission | null,
  places: readonly Place[] | null = null,
): Verdict {
  if (permission === null) return { allowed: true };
  const lists = rights.within === undefined ? [rights.grants] : [rights.grants, rights.within];
  const able = lists.map((grants) => grants.filter((grant) => holds(grant, permission)));
  const needed = roles.filter((role) => permissionsOfRole[role].includes(permission)).join(" or ");
  if (able.some((grants) => grants.length === 0)) {
    const own = able[0]?.length !== 0;
    return {
      allowed: false,
      reason: own ? `The token's maker no longer has the role ${needed}` : `Needs the role ${needed}`,
    };
  }
  if (places === null) return { allowed: true };
  const missing = places.find(
    (place) => !able.every((grants) => grants.some((grant) => covers(grant, place))),
  );
  if (missing === undefined) return { allowed: true };
  const where =
    missing.clusterId === null
      ? "for all clusters"
      : missing.datacenter === null
        ? "for the whole cluster"
        : "there";
  return { allowed: false, reason: `Needs the role ${needed} ${where}` };
}

/** The places where rights allow something; null: everywhere. For lists, which show what is there and no more. */
export type Reach = readonly Place[] | null;

export function reachOf(rights: Rights, permission: Permission): Reach {
  const able = (grants: readonly Grant[]) => grants.filter((grant) => holds(grant, permission));
  const own = able(rights.grants);
  const both = rights.within === undefined ? own : meet(own, able(rights.within));
  if (both.some((grant) => grant.clusterId === null)) return null;
  return both.map(({ clusterId, datacenter }) => ({ clusterId, datacenter }));
}

/** What lies in the reach of a grant of each list. */
function meet(one: readonly Grant[], other: readonly Grant[]): Grant[] {
  return one.flatMap((a) =>
    other.flatMap((b) => {
      if (covers(a, b)) return [b];
      return covers(b, a) ? [a] : [];
    }),
  );
}

/** The condition on rows with these two columns that leaves those within reach, as Prisma takes it. */
export function withinReach(reach: Reach) {
  if (reach === null) return {};
  return {
    OR: reach.map(({ clusterId, datacenter }) => ({
      clusterId,
      ...(datacenter === null ? {} : { datacenter }),
    })),
  };
}

/** Whether a place, or anything in it, lies in reach: who sees one datacenter sees its cluster's name. */
export function touches(reach: Reach, place: Place): boolean {
  if (reach === null) return true;
  return reach.some(
    (grant) =>
      covers(grant, place) ||
      (place.datacenter === null && place.clusterId !== null && grant.clusterId === place.clusterId),
  );
}

/** The strongest role among grants, for a name tag; "none" without one. */
export function strongestRole(grants: readonly Grant[]): string {
  return roles.findLast((role) => grants.some((grant) => grant.role === role)) ?? "none";
}

/** Whether everything that `inner` allows is allowed by `outer`, everywhere it is. */
export function isWithin(inner: readonly Grant[], outer: readonly Grant[]): boolean {
  return inner.every((grant) => {
    const known = roles.find((role) => role === grant.role);
    const place = { clusterId: grant.clusterId, datacenter: grant.datacenter };
    return (known === undefined ? [] : permissionsOfRole[known]).every(
      (permission) => evaluate({ grants: outer }, permission, [place]).allowed,
    );
  });
}

/** The person behind a request, as pages see them. */
export type Viewer = { userId: string; name: string; role: string; grants: readonly Grant[] };
