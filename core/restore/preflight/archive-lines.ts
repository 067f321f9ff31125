import type { ContentsIndex } from "#core/archive/contents-index/index.ts";
import type { FieldValue, RecordFields } from "#core/archive/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { block, count, duration, type LookedLine, many, moment, pass, someOf, warning } from "./line.ts";
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
export async function versionLines(question: VersionQuestion): Promise<LookedLine[]> {
  const { facts, targetVersion } = question;
  return [editionLine(facts, targetVersion), await versionLine(question)];
}

function editionLine(facts: SnapshotFacts, targetVersion: string | null): LookedLine {
  const types = facts.types.filter(({ type }) => isEnterpriseType(type));
  const isFromEnterprise = facts.inspection.edition === "enterprise";
  if (!isFromEnterprise) return pass("edition", "Written by the community edition", "");
  if (targetVersion !== null && isEnterprise(targetVersion))
    return pass("edition", "Enterprise records, and an Enterprise target", targetVersion);
  const seen = types.length === 0 ? "namespaces or partitions" : someOf(types.map(({ name }) => name));
  const detail = `The snapshot holds records of Consul Enterprise (${seen}).`;
  if (targetVersion === null)
    return warning("edition", "The snapshot is from Consul Enterprise", {
      reason: "unknown",
      detail: `${detail} Which edition the target runs is not known.`,
      todo: "Make sure that the target's servers are Enterprise, too.",
      accept: "The target runs Consul Enterprise",
    });
  return block("edition", "Enterprise records into the community edition", {
    detail: `${detail} The target runs ${targetVersion}, and its leader goes down when it reads them.`,
    todo: "Restore into Consul Enterprise, or recover a part.",
  });
}

async function versionLine(question: VersionQuestion): Promise<LookedLine> {
  const { facts, snapshotVersion, targetVersion } = question;
  const target = parseVersion(targetVersion);
  const unnamed = facts.types.filter(
    ({ type, name }) => name.startsWith("Unknown(") && !isEnterpriseType(type),
  );
  if (target === null) {
    return warning("version", "The target's version is not known", {
      reason: "unknown",
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
): Promise<LookedLine> {
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
        reason: "upgrade",
        detail: `${every} (${known}). Consul promises a restore only into the version that took the snapshot.`,
        todo: "Drill it on the target's version first.",
        accept: `Restoring ${snapshotVersion} into ${targetVersion} is intended`,
      },
    );
  const lost = await droppedFields(index, target);
  return warning("version", `A downgrade: from Consul ${snapshotVersion} to ${targetVersion}`, {
    reason: "downgrade",
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

/** What comes back with its time limits anew. */
export function sessionsLine({ sessions, lockedKeys }: SnapshotFacts): LookedLine {
  if (sessions === 0) return pass("sessions", "No session comes back");
  return warning("sessions", `${many(sessions, "session comes", "sessions come")} back with the full TTL`, {
    reason: "sessions",
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
}): LookedLine {
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
    reason: "older",
    detail: entries === null ? detail : `${detail} They stay only in the safety snapshot.`,
    todo: "See below what changes.",
    accept: `Losing ${duration(ageMs)} of writes is intended`,
  });
}

/** @param detail what is wrong with it. */
export function damagedLine(detail: string): LookedLine {
  return block("archive", "The archive does not verify", {
    detail,
    todo: "Choose another snapshot. This one can't be restored.",
  });
}

export function unreadableLine(problem: string): LookedLine {
  return warning("impact", "What would change can't be told", {
    reason: "unread",
    detail: `The live state could not be read: ${problem}`,
    todo: "A safety snapshot will fail for the same reason. Find that first.",
    accept: "I don't need to see what is lost",
  });
}

/** What the newest drill of it showed; none at all is no line. */
export function drillLines({ drill, consulVersion }: SnapshotDetail): LookedLine[] {
  if (drill === null) return [];
  const on = drill.consulVersion === null ? "" : ` on Consul ${drill.consulVersion}`;
  const at = moment(drill.at);
  if (drill.state === "passed") {
    const other =
      consulVersion !== null && drill.consulVersion !== null && consulVersion !== drill.consulVersion;
    return [
      pass(
        "drill",
        "Restore proven",
        `Drill passed ${at}${on}, ${duration(drill.ms)}${other ? `; the snapshot is of ${consulVersion}` : ""}`,
      ),
    ];
  }
  const words = drill.state === "differs" ? "came back different" : "failed";
  return [
    warning("drill", `The drill of this snapshot ${words}`, {
      reason: drill.state,
      detail: `${at}${on}.`,
      todo: "Look at the drill before you go on.",
      accept: "I know what the drill showed",
    }),
  ];
}
