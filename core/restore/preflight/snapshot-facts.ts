import type { ContentsIndex, IndexedRecord } from "#core/archive/contents-index/index.ts";
import {
  type FieldValue,
  type Inspection,
  type RecordFields,
  type RecordKind,
  zeroTime,
} from "#core/archive/contract.ts";
import { isRedactedValue } from "#core/archive/redaction/index.ts";

const pageRecords = 500;
const globalManagementId = "00000000-0000-0000-0000-000000000001";

/** A token of a snapshot that can administer Consul. */
export type AdministratorToken = { accessorId: string; fingerprint: string | null };

export type SnapshotFacts = {
  inspection: Inspection;
  types: readonly { type: number; name: string; count: number }[];
  sessions: number;
  lockedKeys: number;
  tokens: number;
  administrators: readonly AdministratorToken[];
  /** Nodes that an agent stands behind: those with a serfHealth check. */
  agentNodes: readonly string[];
  /** Kinds of config entries. */
  configKinds: readonly string[];
};

/** What a preflight has to know of a snapshot, out of the index of its contents. */
export async function readSnapshotFacts(index: ContentsIndex, nowMs: number): Promise<SnapshotFacts> {
  const inspection = index.facts.inspection as unknown as Inspection;
  const { counts, types, kv, configEntriesByKind } = inspection;
  return {
    inspection,
    types,
    sessions: counts.sessions,
    lockedKeys: kv.locked,
    tokens: counts.aclTokens,
    administrators: await findAdministrators(index, nowMs),
    agentNodes: await findAgentNodes(index),
    configKinds: configEntriesByKind.names.map(({ name }) => name),
  };
}

/** The accessor of the token with this fingerprint; null where the snapshot has no such token. */
export async function findTokenBySecret(index: ContentsIndex, fingerprint: string): Promise<string | null> {
  for await (const { fields } of records(index, "acl-token")) {
    if (fingerprintOf(fields.SecretID) === fingerprint) return text(fields.AccessorID);
  }
  return null;
}

export async function hasToken(index: ContentsIndex, accessorId: string): Promise<boolean> {
  for await (const { fields } of records(index, "acl-token", accessorId)) {
    if (text(fields.AccessorID) === accessorId) return true;
  }
  return false;
}

async function findAdministrators(index: ContentsIndex, nowMs: number): Promise<AdministratorToken[]> {
  const policies = new Set([globalManagementId]);
  for await (const { fields } of records(index, "acl-policy")) {
    // Consul asks for acl = "write" before it takes a snapshot or a restore.
    const rules = text(fields.Rules).replace(/#.*$|\/\/.*$/gm, "");
    if (/(^|[\s{;])acl\s*=\s*"write"/.test(rules)) policies.add(text(fields.ID));
  }
  const roles = new Set<string>();
  for await (const { fields } of records(index, "acl-role")) {
    if (idsOf(fields.Policies).some((id) => policies.has(id))) roles.add(text(fields.ID));
  }
  const found: AdministratorToken[] = [];
  for await (const { fields } of records(index, "acl-token")) {
    const isOne =
      idsOf(fields.Policies).some((id) => policies.has(id)) ||
      idsOf(fields.Roles).some((id) => roles.has(id)) ||
      // Tokens of before 1.4 that were carried over.
      text(fields.Type) === "management";
    if (isOne && !hasExpired(fields, nowMs)) {
      const accessorId = text(fields.AccessorID);
      found.push({ accessorId, fingerprint: fingerprintOf(fields.SecretID) });
    }
  }
  return found;
}

async function findAgentNodes(index: ContentsIndex): Promise<string[]> {
  const nodes = new Set<string>();
  for await (const { fields } of records(index, "check", "serfHealth")) {
    const check = fields.Check;
    const owner = isMap(check) ? check : fields;
    if (text(owner.CheckID) === "serfHealth") nodes.add(text(owner.Node));
  }
  return [...nodes].sort();
}

export async function* records(
  index: ContentsIndex,
  kind: RecordKind,
  filter?: string,
): AsyncGenerator<IndexedRecord> {
  let after: string | undefined;
  do {
    const page = await index.records(kind, { limit: pageRecords, after, filter });
    yield* page.items;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

function hasExpired({ ExpirationTime: expires }: RecordFields, nowMs: number): boolean {
  return typeof expires === "string" && expires !== zeroTime && Date.parse(expires) <= nowMs;
}

function idsOf(value: FieldValue | undefined): string[] {
  return Array.isArray(value) ? value.filter(isMap).map((link) => text(link.ID)) : [];
}

export function isMap(value: FieldValue | undefined): value is RecordFields {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

export function text(value: FieldValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function fingerprintOf(value: FieldValue | undefined): string | null {
  return isRedactedValue(value) ? value.fingerprint : null;
}
