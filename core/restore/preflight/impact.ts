import type { RecordKind } from "#core/archive/contract.ts";
import type { Comparison, DifferenceRow } from "#core/comparisons/contract.ts";
import type { ComparisonService } from "#core/comparisons/index.ts";
import { type Impact, type ImpactGroup, impactGroups } from "../contract.ts";

/** Keys that are shown by name; the rest is a click away. */
const shownKeys = 8;

const groupOf: { readonly [kind in RecordKind]?: ImpactGroup } = {
  kv: "kv",
  node: "catalog",
  service: "catalog",
  check: "catalog",
  "service-virtual-ip": "catalog",
  "free-virtual-ip": "catalog",
  "acl-token": "acl",
  "acl-policy": "acl",
  "acl-role": "acl",
  "acl-binding-rule": "acl",
  "acl-auth-method": "acl",
  "acl-legacy": "acl",
  session: "sessions",
  "config-entry": "config",
  intention: "config",
  "prepared-query": "queries",
};

/**
 * What a restore would do, out of a comparison of the live state (A) with the snapshot (B): what only the snapshot has
 * comes back, what differs reverts, what only the live state has disappears.
 */
export async function readImpact(comparisons: ComparisonService, ready: Comparison): Promise<Impact> {
  const kinds = (ready.summary?.kinds ?? []).map(({ kind, typeName, added, changed, removed }) => ({
    kind,
    typeName,
    comesBack: added,
    reverts: changed,
    disappears: removed,
  }));
  const page = await comparisons.differences({ id: ready.id, kind: "kv", churn: false, limit: shownKeys });
  const sum = (rows: readonly Counts[]) => ({
    comesBack: total(rows, "comesBack"),
    reverts: total(rows, "reverts"),
    disappears: total(rows, "disappears"),
  });
  const all = sum(kinds);
  const keys = sum(kinds.filter(({ kind }) => kind === "kv"));
  return {
    readAt: ready.a.takenAt ?? ready.startedAt,
    total: all,
    groups: impactGroups.map((group) => ({
      group,
      ...sum(kinds.filter(({ kind }) => (groupOf[kind] ?? "other") === group)),
    })),
    kinds,
    keys: page.rows.map(toKey),
    keysTotal: keys.comesBack + keys.reverts + keys.disappears,
    comparisonId: ready.id,
  };
}

type Counts = { comesBack: number; reverts: number; disappears: number };

function total(rows: readonly Counts[], name: keyof Counts): number {
  return rows.reduce((sum, row) => sum + row[name], 0);
}

function toKey({ label, change, before, after, closed }: DifferenceRow): Impact["keys"][number] {
  return {
    label,
    change: change === "added" ? "comes_back" : change === "removed" ? "disappears" : "reverts",
    liveBytes: before?.bytes ?? null,
    snapshotBytes: after?.bytes ?? null,
    closed: closed !== null,
  };
}
