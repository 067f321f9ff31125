import { fieldsOf, listIn, textOf } from "../records/identity.ts";
import type { OtherRecord, RecordFields, RecordKind } from "../records/visitor.ts";
import { BoundedCounts } from "./bounded-counts.ts";
import type { NamedCounts, ObjectCounts } from "./contract.ts";

const serviceNamesMax = 100_000;
const statusesMax = 100;
const kindsMax = 1_000;

/** Counts what is no key. */
export class ObjectTally {
  readonly #kinds = new Map<RecordKind, number>();
  readonly #serviceNames = new BoundedCounts(serviceNamesMax);
  readonly #statuses = new BoundedCounts(statusesMax);
  readonly #configKinds = new BoundedCounts(kindsMax);
  #intentionSources = 0;

  add({ kind, fields }: OtherRecord): void {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    if (kind === "service") {
      this.#serviceNames.add(textOf(fieldsOf(fields, "Service"), "Service"));
    } else if (kind === "check") {
      this.#statuses.add(textOf(fieldsOf(fields, "Check"), "Status"));
    } else if (kind === "config-entry") {
      this.#addConfigEntry(fields);
    }
  }

  counts(): ObjectCounts {
    const of = (kind: RecordKind): number => this.#kinds.get(kind) ?? 0;
    return {
      nodes: of("node"),
      services: of("service"),
      serviceNames: this.#serviceNames.size,
      checks: of("check"),
      sessions: of("session"),
      coordinates: of("coordinate"),
      tombstones: of("tombstone"),
      aclTokens: of("acl-token"),
      aclPolicies: of("acl-policy"),
      aclRoles: of("acl-role"),
      aclBindingRules: of("acl-binding-rule"),
      aclAuthMethods: of("acl-auth-method"),
      legacyAcls: of("acl-legacy"),
      preparedQueries: of("prepared-query"),
      intentions: of("intention") + this.#intentionSources,
      configEntries: of("config-entry"),
      caRoots: of("ca-root"),
      peerings: of("peering"),
      peeringTrustBundles: of("peering-trust-bundle"),
      resources: of("resource"),
      namespaces: of("namespace"),
      partitions: of("partition"),
      unknown: of("unknown"),
    };
  }

  named(): {
    readonly checksByStatus: NamedCounts;
    readonly configEntriesByKind: NamedCounts;
    readonly servicesByName: NamedCounts;
  } {
    return {
      checksByStatus: this.#statuses.counts(),
      configEntriesByKind: this.#configKinds.counts(),
      servicesByName: this.#serviceNames.counts(),
    };
  }

  #addConfigEntry(fields: RecordFields): void {
    const kind = textOf(fields, "Kind");
    this.#configKinds.add(kind);
    if (kind === "service-intentions") {
      this.#intentionSources += listIn(fieldsOf(fields, "Entry"), "Sources").length;
    }
  }
}
