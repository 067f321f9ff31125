import { createHash } from "node:crypto";
import type { VerifyReport } from "../contract.ts";
import { createInspector } from "../inspect/inspector.ts";
import { type KvRecord, type OtherRecord, type RecordVisitor, zeroTime } from "../records/visitor.ts";

/** A key to be read back from a Consul that was restored. */
export type SampledKey = {
  readonly key: string;
  readonly valueSha256: string;
  /** A decimal number: flags have 64 bits. */
  readonly flags: string;
};

/** What one has to know of an archive before it is restored somewhere. Plain data: it comes from a thread, too. */
export type RestoreFacts = {
  readonly report: VerifyReport;
  /** As its nodes name it. */
  readonly datacenter: string | null;
  /** Of the servers, else of whatever agents it knows. */
  readonly versions: readonly string[];
  readonly edition: "community" | "enterprise";
  readonly hasAclTokens: boolean;
  /** Records that Consul takes away by itself, as `idOfRecord` names them. */
  readonly endsByItself: readonly string[];
  /**
   * Identities of nodes that no agent keeps: none has a serfHealth check, by which the leader tells who is gone. They
   * stay in the catalog until somebody removes them.
   */
  readonly externalNodes: readonly string[];
  readonly sample: readonly SampledKey[];
};

export type RestoreFactsOptions = {
  /** About so many keys, spread over all of them. */
  readonly sampleKeys: number;
  /** Tokens that expire before this are among what ends by itself. */
  readonly endsBeforeMs: number;
};

/** A value of this size can be read back in one answer with others. */
const sampledValueBytesMax = 1024 * 1024;
/** Names take memory; more expired tokens than this in one archive are told as missing. */
const endsMax = 200_000;
const nodesMax = 200_000;

export const idOfRecord = (kind: string, identity: string): string => `${kind} ${identity}`;

/** The identity of the node that a record of the catalog is of. A name before others has its slashes escaped. */
export function nodeOfRecord(kind: string, identity: string): string {
  if (kind === "node") return identity;
  const [first = ""] = identity.split("/");
  return first.replaceAll("%2F", "/").replaceAll("%25", "%");
}

/** Collects the facts while an archive is verified with its values. */
export function createRestoreFacts(options: RestoreFactsOptions) {
  const inspector = createInspector();
  const sampler = createSampler(options.sampleKeys);
  const ends: string[] = [];
  const nodes = createExternalNodes();
  const visitor: RecordVisitor = {
    kv: (record) => {
      inspector.kv?.(record);
      sampler.take(record);
    },
    other: (record) => {
      inspector.other?.(record);
      nodes.take(record);
      if (ends.length < endsMax && mayEnd(record, options.endsBeforeMs))
        ends.push(idOfRecord(record.kind, record.identity));
    },
  };
  return {
    visitor,
    result: (report: VerifyReport): RestoreFacts => {
      const { datacenters, serverVersions, consulVersions, counts, edition } = inspector.result(report);
      const versions = serverVersions.names.length > 0 ? serverVersions : consulVersions;
      return {
        report,
        datacenter: datacenters.names[0] ?? null,
        versions: versions.names,
        edition,
        hasAclTokens: counts.aclTokens + counts.legacyAcls > 0,
        endsByItself: ends,
        externalNodes: nodes.result(),
        sample: sampler.result(),
      };
    },
  };
}

/** Tokens that expired, which the leader reaps, and queries that go with the session they were made for. */
export function mayEnd(
  { kind, fields }: Pick<OtherRecord, "kind" | "fields">,
  endsBeforeMs: number,
): boolean {
  if (kind === "prepared-query") return typeof fields.Session === "string" && fields.Session !== "";
  const { ExpirationTime: expires } = fields;
  return (
    kind === "acl-token" &&
    typeof expires === "string" &&
    expires !== zeroTime &&
    Date.parse(expires) < endsBeforeMs
  );
}

function createExternalNodes() {
  const nodes = new Set<string>();
  const withAgent = new Set<string>();
  return {
    take({ kind, identity }: OtherRecord): void {
      // Nodes of other partitions or from a peer say so in brackets, and may go with these.
      if (kind === "node" && !identity.startsWith("[") && nodes.size < nodesMax) nodes.add(identity);
      else if (kind === "check" && identity.endsWith("/serfHealth") && withAgent.size < nodesMax)
        withAgent.add(nodeOfRecord(kind, identity));
    },
    // Beyond the limit nobody knows which agent's check was not held, so none is called external.
    result: (): string[] =>
      withAgent.size < nodesMax ? [...nodes].filter((node) => !withAgent.has(node)) : [],
  };
}

/** Every n-th key, with n doubled as often as there are too many of them: the number of keys comes last. */
function createSampler(wanted: number) {
  let stride = 1;
  let seen = 0;
  let kept: SampledKey[] = [];
  return {
    take(record: KvRecord): void {
      if (!isReadable(record)) return;
      const isNext = seen % stride === 0;
      seen += 1;
      if (!isNext) return;
      const value = record.value ?? new Uint8Array();
      kept.push({
        key: Buffer.from(record.key).toString("utf8"),
        valueSha256: createHash("sha256").update(value).digest("hex"),
        flags: String(record.flags),
      });
      if (kept.length < wanted * 2) return;
      kept = kept.filter((_, at) => at % 2 === 0);
      stride *= 2;
    },
    result(): SampledKey[] {
      const step = kept.length / wanted;
      if (step <= 1) return kept;
      return Array.from({ length: wanted }, (_, at) => kept[Math.floor(at * step)]).filter(
        (key) => key !== undefined,
      );
    },
  };
}

/** A key with a lock may go with its session, one that is no UTF-8 can't be asked for, and one of a namespace needs Enterprise. */
function isReadable(record: KvRecord): boolean {
  if (record.session !== "" || record.namespace !== "" || record.partition !== "") return false;
  if (record.valueBytes > sampledValueBytesMax || (record.valueBytes > 0 && record.value === null))
    return false;
  const key = Buffer.from(record.key);
  return key.length > 0 && Buffer.from(key.toString("utf8")).equals(key);
}
