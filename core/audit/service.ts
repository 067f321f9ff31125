import type { z } from "zod";
import type { Database, Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { newCorrelationId, newRequestId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { ActSubject, Caller } from "#core/kernel/operation.ts";
import { type AnchorSettings, createAnchors } from "./anchors.ts";
import { createSeals } from "./canonical.ts";
import type { AuditEntry, AuditOutcome, auditFilter, ChainReport, ExportFormat } from "./contract.ts";
import { exportRows } from "./export.ts";
import { openIntentsSql } from "./lookups-sql.ts";
import { prepareChain } from "./prepare.ts";
import { createReads } from "./reads.ts";
import { toEntry, toStoredTime } from "./rows.ts";
import { createSegments } from "./segments.ts";
import { createAuditStore, type NewAuditEntry } from "./store.ts";
import { verifyChain } from "./verify.ts";

export type AuditSubject = ActSubject;
export type AuditService = ReturnType<typeof createAuditService>;

export type AuditDeps = {
  db: Database;
  clock: Clock;
  log: Logger;
  /** Seals the chain. Whoever has it and the database can write another log. */
  chainKey: string;
  /** Where segments are archived. */
  folder: string;
  anchors?: AnchorSettings;
  /** Only for tests. */
  entriesPerSegment?: number;
};

/** The migration that brought the chain. Whoever takes all hashes out later doesn't make its start happen again. */
const chainMigration = "20261122192616_access_and_audit";
/** Below this entry every intent has its outcome; so a log of a million rows isn't searched at each start. */
const openFromKey = "audit.openFrom";
const nowhere: AnchorSettings = {
  file: null,
  url: null,
  everyMs: 0,
  post: () => Promise.resolve(),
  own: false,
};

/** Writes and reads the audit log. No row, no act: a failed write is thrown, never swallowed. */
export function createAuditService(deps: AuditDeps) {
  const { db, clock, log, folder } = deps;
  const seals = createSeals(deps.chainKey);
  const store = createAuditStore(db, seals);
  const { list, get, facets, custody, ...reads } = createReads(store);
  const anchors = createAnchors({ store, seals, clock, log, settings: deps.anchors ?? nowhere, folder });
  const segments = createSegments({ ...deps, store, seals });
  let verifying: Promise<ChainReport> | null = null;
  let lastReport: ChainReport | null = null;
  let archiving: Promise<unknown> = Promise.resolve();

  /** @param detail a few words beside the outcome; never holds a secret. */
  function write(
    subject: AuditSubject,
    outcome: AuditOutcome,
    detail: string | null = null,
    tx?: Tx,
  ): Promise<number> {
    const at = toStoredTime(new Date(clock.nowMs()));
    const row = { ...actor(subject.caller), ...common(subject), outcome, detail: shortened(detail) };
    return store.append({ at, ...row }, tx);
  }

  /** Archiving waits for a check that is under way, and the other way round: rows would go under its hands. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = archiving.then(work);
    archiving = next.catch(() => undefined);
    return next;
  }

  return {
    write,
    list,
    get,
    facets,
    custody,
    anchors,

    /** Before anything is written: in the start that upgrades, chains the older rows; looks at the end of the chain. */
    async prepare(): Promise<void> {
      const isUpgrade = db.migration.applied.includes(chainMigration);
      const { chained, fault } = await prepareChain(store, seals, isUpgrade);
      if (fault !== null) log.warn({ fault }, "the audit log's chain doesn't end as it should; verify it");
      if (chained === 0) return;
      log.warn({ entries: chained }, "entries from before the chain were chained");
      await write(
        systemSubject("audit.chain", "audit log"),
        "ok",
        `${chained} entries from before the chain`,
      );
    },

    /** Acts without an outcome, each as what to write its outcome with: acts under way, and what a crash cut off. */
    async openActs(): Promise<AuditSubject[]> {
      const from = Number((await store.setting(openFromKey)) ?? 0);
      const { head } = await store.bounds();
      const intents = (await store.rows(openIntentsSql(from))).map(toEntry);
      const openFrom = intents[0]?.entry ?? (head?.entry ?? 0) + 1;
      if (openFrom > from) await store.putSetting(openFromKey, String(openFrom));
      return intents.map(toOpenAct);
    },

    /** Whoever asks while a check is under way gets the answer of that one. */
    verify(): Promise<ChainReport> {
      verifying ??= inTurn(async () => {
        lastReport = await verifyChain({ store, seals, clock, folder, readAnchors: anchors.read });
        return lastReport;
      }).finally(() => {
        verifying = null;
      });
      return verifying;
    },
    /** What the last check of this process found; null before the first. */
    lastReport: () => lastReport,
    export: (filter: z.output<typeof auditFilter>, format: ExportFormat) =>
      exportRows({ list, get, facets, custody, ...reads }, filter, format),
    segments: segments.list,
    archive: (keepDays: number) => inTurn(() => segments.archive(keepDays)),
  };
}

function systemSubject(action: string, label: string): AuditSubject {
  return {
    action,
    caller: { kind: "system", name: "snapkeep" },
    request: { requestId: newRequestId(), address: "local", userAgent: null, door: "system" },
    target: { id: null, label },
    reason: null,
    correlationId: newCorrelationId(),
  };
}

function toOpenAct(row: AuditEntry): AuditSubject {
  const { clusterId, datacenter } = row;
  return {
    action: row.action,
    caller: { kind: "system", name: "restart" },
    request: { requestId: newRequestId(), address: "local", userAgent: null, door: "system" },
    target: {
      id: row.targetId,
      label: row.target,
      snapshotId: row.snapshotId,
      ...(clusterId === null ? {} : { places: [{ clusterId, datacenter }] }),
    },
    reason: row.reason,
    correlationId: row.correlationId,
  };
}

function actor(
  caller: Caller | null,
): Pick<NewAuditEntry, "actorKind" | "actorId" | "actorName" | "role" | "signedInWith"> {
  if (caller === null)
    return { actorKind: "unknown", actorId: null, actorName: "unknown", role: "none", signedInWith: null };
  const { kind, name } = caller;
  switch (kind) {
    case "system":
      return { actorKind: kind, actorId: null, actorName: name, role: "system", signedInWith: null };
    case "token":
      return {
        actorKind: kind,
        actorId: caller.tokenId,
        actorName: name,
        role: caller.role,
        signedInWith: null,
      };
    case "person": {
      const { userId, role, signedInWith } = caller;
      return { actorKind: kind, actorId: userId, actorName: name, role, signedInWith };
    }
    default:
      return kind satisfies never;
  }
}

/** More than any input of ours allows for. A refused call writes what it was aimed at, and that text is the caller's. */
const textCharsMax = 2_000;

function shortened<Text extends string | null>(text: Text): Text | string {
  return text === null || text.length <= textCharsMax ? text : `${text.slice(0, textCharsMax - 1)}…`;
}

function common({ action, request, target, reason, correlationId, changes }: AuditSubject) {
  const { requestId, address, userAgent, door } = request;
  const place = target.places?.[0];
  return {
    address,
    userAgent,
    door,
    action,
    target: shortened(target.label),
    targetId: shortened(target.id),
    snapshotId: target.snapshotId ?? null,
    clusterId: place?.clusterId ?? null,
    datacenter: place?.datacenter ?? null,
    reason: shortened(reason),
    changesJson: changes === undefined || changes === null ? null : JSON.stringify(changes),
    requestId,
    correlationId,
  };
}
