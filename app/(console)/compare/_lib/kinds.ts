import type { KindDifference } from "#core/comparisons/contract.ts";

export type Kind = KindDifference["kind"];

type Words = { title: string; one: string; many: string };

/** How a kind is called in sentences; the table has Consul's own name of the record type. */
const words: Partial<Record<Kind, Words>> = {
  kv: { title: "KV keys", one: "key", many: "keys" },
  node: { title: "Nodes", one: "node", many: "nodes" },
  service: { title: "Services", one: "service", many: "services" },
  check: { title: "Health checks", one: "check", many: "checks" },
  coordinate: { title: "Coordinates", one: "coordinate", many: "coordinates" },
  tombstone: { title: "Tombstones", one: "tombstone", many: "tombstones" },
  session: { title: "Sessions", one: "session", many: "sessions" },
  "acl-token": { title: "ACL tokens", one: "token", many: "tokens" },
  "acl-policy": { title: "ACL policies", one: "policy", many: "policies" },
  "acl-role": { title: "ACL roles", one: "role", many: "roles" },
  "acl-binding-rule": { title: "ACL binding rules", one: "binding rule", many: "binding rules" },
  "acl-auth-method": { title: "ACL auth methods", one: "auth method", many: "auth methods" },
  "config-entry": { title: "Config entries", one: "config entry", many: "config entries" },
  "prepared-query": { title: "Prepared queries", one: "prepared query", many: "prepared queries" },
  intention: { title: "Intentions", one: "intention", many: "intentions" },
  index: { title: "Indexes", one: "index", many: "indexes" },
};

export function kindWords(kind: Kind, typeName: string): Words {
  return words[kind] ?? { title: typeName, one: "record", many: "records" };
}

/** Nodes, services and checks are all Register records, so their rows say which of them they are. */
export function kindSuffix(kind: Kind): string | null {
  return kind === "node" || kind === "service" || kind === "check" ? (words[kind]?.many ?? null) : null;
}

type Counts = Pick<KindDifference, "added" | "changed" | "removed">;

export const differing = (counts: Counts): number => counts.added + counts.changed + counts.removed;

/** Sessions come and go without anyone's doing; a view that hides churn counts them and leaves them out. */
export const isOftenChurn = (kind: Kind): boolean => kind === "session";

/** Whether a person would look for it. */
export function isListed(kind: KindDifference, churn: boolean): boolean {
  return churn ? differing(kind) + kind.churn > 0 : differing(kind) > 0 && !isOftenChurn(kind.kind);
}

/** How many differences are counted but not listed while churn is hidden. */
export function hiddenChurn(kinds: readonly KindDifference[]): number {
  return kinds.reduce((sum, kind) => sum + kind.churn + (isOftenChurn(kind.kind) ? differing(kind) : 0), 0);
}
