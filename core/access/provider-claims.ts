import type { Grant } from "#core/kernel/permission.ts";
import type { GroupRole, OidcSettings } from "./oidc-settings.ts";

/** What the identity provider says of a person, its signature checked. */
export type Claims = Record<string, unknown>;

/** The groups in the claim of this name, which may lie deeper: `realm_access.roles`. */
export function groupsIn(claims: Claims, claim: string): string[] {
  const found = claims[claim] ?? claim.split(".").reduce<unknown>(memberOf, claims);
  if (typeof found === "string") return [found];
  return Array.isArray(found) ? found.filter((group): group is string => typeof group === "string") : [];
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Claims)[name];
}

/** Whether the person's e-mail address lies in one of the allowed domains, and is known to be theirs. */
export function isAllowedDomain(claims: Claims, domains: readonly string[]): boolean {
  if (domains.length === 0) return true;
  const verified = claims.email_verified === true || claims.email_verified === "true";
  // One @ alone: of `a@one@other` mail programs don't agree which domain it is.
  const [, domain] = typeof claims.email === "string" ? (/^[^@\s]+@([^@\s]+)$/.exec(claims.email) ?? []) : [];
  return verified && domain !== undefined && domains.includes(domain.toLowerCase());
}

/**
 * A name for screens and the audit log. It always holds an @, which no local account's name can: whoever comes from
 * outside is never taken for a local account.
 */
export function nameFrom(claims: Claims, issuer: string): string {
  const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");
  const verified = claims.email_verified === true || claims.email_verified === "true";
  const name =
    [verified ? text(claims.email) : "", text(claims.preferred_username), text(claims.sub)].find(Boolean) ??
    "";
  const shown = name.replace(/[^\p{L}\p{N}@._+-]/gu, "_").slice(0, 100);
  return shown.includes("@") ? shown : `${shown}@${new URL(issuer).hostname}`;
}

/**
 * What the groups grant. A cluster that nobody knows grants nothing.
 * @returns null when neither a group nor the default role grants anything.
 */
export async function grantsOfGroups(
  groups: readonly string[],
  settings: Pick<OidcSettings, "groupRoles" | "defaultRole">,
  findCluster: (nameOrId: string) => Promise<string | null>,
): Promise<{ grants: Grant[]; from: string } | null> {
  const granted: { group: string; grant: Grant }[] = [];
  for (const entry of settings.groupRoles.filter(({ group }) => groups.includes(group))) {
    const grant = await toGrant(entry, findCluster);
    if (grant !== null) granted.push({ group: entry.group, grant });
  }
  if (granted.length > 0) {
    const names = [...new Set(granted.map(({ group }) => group))];
    const from = `${names.length === 1 ? "group" : "groups"} ${names.join(", ")}`;
    return { grants: unique(granted.map(({ grant }) => grant)), from: from.slice(0, 300) };
  }
  if (settings.defaultRole === null) return null;
  return {
    grants: [{ role: settings.defaultRole, clusterId: null, datacenter: null }],
    from: "default role",
  };
}

async function toGrant(
  entry: GroupRole,
  findCluster: (nameOrId: string) => Promise<string | null>,
): Promise<Grant | null> {
  const { role, cluster, datacenter } = entry;
  if (cluster === null) return { role, clusterId: null, datacenter: null };
  const clusterId = await findCluster(cluster);
  return clusterId === null ? null : { role, clusterId, datacenter };
}

function unique(grants: Grant[]): Grant[] {
  return [...new Map(grants.map((grant) => [JSON.stringify(grant), grant])).values()];
}
