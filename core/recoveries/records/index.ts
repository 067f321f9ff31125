import type { RecoverableKind } from "../contract.ts";
import { aclPolicy } from "./acl-policy.ts";
import { aclRole } from "./acl-role.ts";
import { configEntry } from "./config-entry.ts";
import { intention } from "./intention.ts";
import type { KindEndpoint } from "./kind.ts";
import { preparedQuery } from "./prepared-query.ts";

/** In the order of applying: roles need their policies. */
const endpoints: readonly KindEndpoint[] = [aclPolicy, aclRole, configEntry, preparedQuery, intention];

const kindsFirst = ["proxy-defaults", "service-defaults", "service-resolver"];

export function endpointOf(kind: RecoverableKind): KindEndpoint {
  const found = endpoints.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`No endpoint for ${kind}.`);
  return found;
}

/** Policies before roles; defaults and resolvers before the entries that Consul refuses without them. */
export function orderOf(kind: RecoverableKind, identity: string): number {
  const first = kindsFirst.findIndex((name) => identity.startsWith(`${name}/`));
  return endpoints.findIndex((one) => one.kind === kind) * 10 + (first < 0 ? kindsFirst.length : first);
}

export { differingFields } from "./differences.ts";
export type { KindEndpoint, LiveRecord, Said } from "./kind.ts";
