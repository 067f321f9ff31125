import type { SnapshotMeta } from "../contract.ts";
import { fieldsOf, textOf } from "../records/identity.ts";
import type { KvRecord, OtherRecord, RecordFields } from "../records/visitor.ts";
import { BoundedCounts } from "./bounded-counts.ts";
import type { InspectedServer, Inspection } from "./contract.ts";

const factsMax = 100;
/** A cluster has three to seven; those that left stay in the catalog for three days. */
const serversMax = 1_000;
const firstEnterpriseType = 64;

type CatalogServer = { readonly node: string; readonly version: string | null };

/** Finds out which cluster a snapshot is from. */
export class ClusterFacts {
  readonly #versions = new BoundedCounts(factsMax);
  readonly #serverVersions = new BoundedCounts(factsMax);
  readonly #datacenters = new BoundedCounts(factsMax);
  readonly #servers = new Map<string, CatalogServer>();
  #clusterId: string | null = null;
  #isEnterprise = false;

  addKv(record: KvRecord): void {
    if (record.namespace !== "" || record.partition !== "") {
      this.#isEnterprise = true;
    }
  }

  add(record: OtherRecord): void {
    const { fields, kind } = record;
    if (record.type >= firstEnterpriseType || hasTenancy(fields)) {
      this.#isEnterprise = true;
    }
    // What was imported from a peer says nothing about this cluster.
    if (kind === "node" && textOf(fields, "PeerName") === "") {
      this.#addNode(fields);
    } else if (kind === "service" && textOf(fields, "PeerName") === "") {
      this.#addService(fields);
    } else if (kind === "ca-config") {
      this.#clusterId = textOf(fields, "ClusterID") || this.#clusterId;
    }
  }

  result(
    meta: SnapshotMeta | null,
  ): Pick<
    Inspection,
    "consulVersions" | "serverVersions" | "edition" | "datacenters" | "clusterId" | "servers" | "createdAt"
  > {
    return {
      consulVersions: this.#versions.list(),
      serverVersions: this.#serverVersions.list(),
      edition: this.#isEnterprise ? "enterprise" : "community",
      datacenters: this.#datacenters.list(),
      clusterId: this.#clusterId,
      servers: (meta?.servers ?? []).map((server) => this.#describe(server)),
      createdAt: meta === null ? null : parseCreatedAt(meta),
    };
  }

  #addNode(fields: RecordFields): void {
    this.#datacenters.add(textOf(fields, "Datacenter"));
    this.#addVersion(textOf(fieldsOf(fields, "NodeMeta"), "consul-version"));
  }

  #addService(fields: RecordFields): void {
    const service = fieldsOf(fields, "Service");
    if (textOf(service, "Service") !== "consul") {
      return;
    }
    const version = textOf(fieldsOf(service, "Meta"), "version");
    this.#addVersion(version);
    if (version !== "") {
      this.#serverVersions.add(version);
    }
    if (this.#servers.size < serversMax) {
      this.#servers.set(textOf(fields, "ID"), { node: textOf(fields, "Node"), version: version || null });
    }
  }

  #addVersion(version: string): void {
    if (version !== "") {
      this.#versions.add(version);
    }
  }

  #describe(server: SnapshotMeta["servers"][number]): InspectedServer {
    const { node, version } = this.#servers.get(server.id) ?? { node: null, version: null };
    return { id: server.id, address: server.address, suffrage: server.suffrage, node, version };
  }
}

function hasTenancy(fields: RecordFields): boolean {
  return [fields, fieldsOf(fields, "Service"), fieldsOf(fields, "Entry")].some(
    (place) => textOf(place, "Namespace") !== "" || textOf(place, "Partition") !== "",
  );
}

/** Raft names a snapshot `<term>-<index>-<unix ms>`. */
function parseCreatedAt({ id, term, index }: SnapshotMeta): string | null {
  const start = `${term}-${index}-`;
  const milliseconds = id.startsWith(start) ? id.slice(start.length) : "";
  return /^[1-9]\d{0,14}$/.test(milliseconds) ? new Date(Number(milliseconds)).toISOString() : null;
}
