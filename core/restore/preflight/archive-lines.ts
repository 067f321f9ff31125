import type { ContentsIndex } from "#core/archive/contents-index/index.ts";
import type { FieldValue, RecordFields } from "#core/archive/contract.ts";
import type { PreflightLine } from "../contract.ts";
import { block, count, duration, many, pass, someOf, warning } from "./line.ts";
import { isMap, records, type SnapshotFacts } from "./snapshot-facts.ts";
import {
  fieldsSince,
  isEnterprise,
  isEnterpriseType,
  isOlder,
  loadsConfigKind,
  loadsType,
  parseVersion,
  type Version,
} from "./versions.ts";

/** Records of one kind that are looked through for fields; beyond it the rest is taken to be like them. */
const fieldRecordsMax = 20_000;

export type VersionQuestion = {
  facts: SnapshotFacts;
  index: ContentsIndex;
  /** Who took it, as the history knows; null: nobody said. */
  snapshotVersion: string | null;
  targetVersion: string | null;
};

/** Can the target load what is in the archive? A server that can't goes down, and the others after it. */
export async function versionLines(question: VersionQuestion): Promise<PreflightLine[]> {
  const { facts, targetVersion } = question;
  return [editionLine(facts, targetVersion), await versionLine(question)];
}

function editionLine(facts: SnapshotFacts, targetVersion: string | null): PreflightLine {
  const types = facts.types.filter(({ type }) => isEnterpriseType(type));
  const isFromEnterprise = facts.inspection.edition === "enterprise";
  if (!isFromEnterprise) return pass("edition", "Written by the community edition", "");
  if (targetVersion !== null && isEnterprise(targetVersion))
    return pass("edition", "Enterprise records, and an Enterprise target", targetVersion);
  const seen = types.length === 0 ? "namespaces or partitions" : someOf(types.map(({ name }) => name));
  const detail = `The snapshot holds records of Consul Enterprise (${seen}).`;
  if (targetVersion === null)
    return warning("edition", "The snapshot is from Consul Enterprise", {
      detail: `${detail} Which edition the target runs is not known.`,
      todo: "Make sure that the target's servers are Enterprise, too.",
      accept: "The target runs Consul Enterprise",
    });
  return block("edition", "Enterprise records into the community edition", {
    detail: `${detail} The target runs ${targetVersion}, and its leader goes down when it reads them.`,
    todo: "Restore into Consul Enterprise, or recover a part.",
  });
}

async function versionLine(question: VersionQuestion): Promise<PreflightLine> {
  const { facts, snapshotVersion, targetVersion } = question;
  const target = parseVersion(targetVersion);
  const unnamed = facts.types.filter(
    ({ type, name }) => name.startsWith("Unknown(") && !isEnterpriseType(type),
  );
  if (target === null) {
    return warning("version", "The target's version is not known", {
      detail: "Without operator:read, Consul doesn't tell the versions of its servers.",
      todo: "Make sure that the servers run the version that took the snapshot.",
      accept: `The target can load what ${snapshotVersion ?? "the snapshot's Consul"} wrote`,
    });
  }
  const refused = facts.types.filter(
    ({ type }) => !isEnterpriseType(type) && loadsType(target, type) === false,
  );
  const unknown = [
    ...unnamed,
    ...facts.types.filter(({ type }) => !isEnterpriseType(type) && loadsType(target, type) === null),
  ];
  const bad = [...new Map([...refused, ...unknown].map((each) => [each.type, each])).values()];
  if (bad.length > 0)
    return block("version", `Consul ${targetVersion} can't load this snapshot`, {
      detail: `Record types that it doesn't know: ${someOf(bad.map(({ name, type, count: number }) => `${name} (type ${type}, ${count(number)})`))}. Its leader goes down when it reads one.`,
      todo: `Restore into ${snapshotVersion ?? "the version that took it"}, or recover a part.`,
    });
  const kinds = facts.configKinds.filter((kind) => !loadsConfigKind(target, kind));
  if (kinds.length > 0)
    return block("version", `Consul ${targetVersion} can't load this snapshot`, {
      detail: `Config entries of a kind that it doesn't know: ${someOf(kinds)}.`,
      todo: `Restore into ${snapshotVersion ?? "the version that took it"}, or recover a part.`,
    });
  return compareVersions(question, target);
}

async function compareVersions(
  { facts, index, snapshotVersion, targetVersion }: VersionQuestion,
  target: Version,
): Promise<PreflightLine> {
  const known = `${count(facts.types.length)} of ${count(facts.types.length)}`;
  const every = `Every record type is known to Consul ${targetVersion}`;
  const source = parseVersion(snapshotVersion);
  if (source === null)
    return pass("version", every, `${known}; which version took the snapshot is not known`);
  const same = source[0] === target[0] && source[1] === target[1];
  if (same && !isOlder(target, source)) return pass("version", every, known);
  if (!isOlder(target, source))
    return warning(
      "version",
      `The snapshot is from Consul ${snapshotVersion}, the target runs ${targetVersion}`,
      {
        detail: `${every} (${known}). Consul promises a restore only into the version that took the snapshot.`,
        todo: "Drill it on the target's version first.",
        accept: `Restoring ${snapshotVersion} into ${targetVersion} is intended`,
      },
    );
  const lost = await droppedFields(index, target);
  return warning("version", `A downgrade: from Consul ${snapshotVersion} to ${targetVersion}`, {
    detail: `${every} (${known}).${lost.length === 0 ? "" : ` Fields that it drops: ${someOf(lost)}.`}`,
    todo: "Drill it on the target's version first.",
    accept: `The downgrade to ${targetVersion} is intended`,
  });
}

/** Fields that are set in the snapshot and that the target's version doesn't know. */
async function droppedFields(index: ContentsIndex, target: Version): Promise<string[]> {
  const asked = fieldsSince.filter(({ since }) => isOlder(target, since));
  const found = new Set<string>();
  for (const kind of new Set(asked.map((each) => each.kind))) {
    const paths = asked.filter((each) => each.kind === kind).map(({ path }) => path);
    let seen = 0;
    for await (const { fields } of records(index, kind)) {
      for (const path of paths) if (isSet(fields, path)) found.add(`${kind} ${path.join(".")}`);
      seen += 1;
      if (seen >= fieldRecordsMax) break;
    }
  }
  return [...found].sort();
}

function isSet(fields: RecordFields, path: readonly string[]): boolean {
  let value: FieldValue | undefined = fields;
  for (const name of path) value = isMap(value) ? value[name] : undefined;
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return false;
  return Array.isArray(value) ? value.length > 0 : !isMap(value) || Object.keys(value).length > 0;
}

/** What comes back with its time limits anew, and what has to be stopped around the restore. */
export function contentsLines(facts: SnapshotFacts, live: { vaultLock: boolean | null }): PreflightLine[] {
  return [...vaultLines(facts, live.vaultLock), sessionsLine(facts)];
}

function vaultLines({ vaultPath }: SnapshotFacts, isLocked: boolean | null): PreflightLine[] {
  if (vaultPath === null) return [];
  const active =
    isLocked === true
      ? " Vault is active now: it holds its lock."
      : isLocked === false
        ? " Nobody holds its lock now."
        : "";
  return [
    warning("vault", "Vault keeps its storage in this KV store", {
      detail: `Under ${vaultPath}.${active} Vault keeps a cache, and writes what it remembers over what was restored.`,
      todo: "Seal or stop Vault before, and start it again after.",
      accept: "Vault is sealed or stopped, and is started again after",
    }),
  ];
}

function sessionsLine({ sessions, lockedKeys }: SnapshotFacts): PreflightLine {
  if (sessions === 0) return pass("sessions", "No session comes back");
  return warning("sessions", `${many(sessions, "session comes", "sessions come")} back with the full TTL`, {
    detail:
      lockedKeys === 0
        ? "None of them holds a key."
        : `${many(lockedKeys, "key stays locked", "keys stay locked")} until their sessions end, even where their holders are gone.`,
    todo: "Whoever waits for a lock waits for up to one TTL.",
    accept: "Sessions and locks of that time may come back",
  });
}

/** How old the snapshot is against what would be lost. Null indexes: not known. */
export function ageLine(about: {
  ageMs: number;
  snapshotIndex: number | null;
  liveIndex: number | null;
  changes: number | null;
}): PreflightLine {
  const { ageMs, snapshotIndex, liveIndex, changes } = about;
  if (changes === 0)
    return pass("age", "The live state holds what the snapshot holds", "nothing would change");
  const entries = snapshotIndex === null || liveIndex === null ? null : liveIndex - snapshotIndex;
  const detail =
    entries === null
      ? "How many raft entries were committed since is not known."
      : entries < 0
        ? `The snapshot is at raft index ${count(snapshotIndex ?? 0)}, the target at ${count(liveIndex ?? 0)}: it is another cluster, or one that began anew.`
        : `${many(entries, "raft entry was", "raft entries were")} committed since.`;
  return warning("age", `The snapshot is ${duration(ageMs)} older than the live state`, {
    detail: entries === null ? detail : `${detail} They stay only in the safety snapshot.`,
    todo: "See below what changes.",
    accept: `Losing ${duration(ageMs)} of writes is intended`,
  });
}
