import { formatAge, formatObjective } from "#app/_ui/format.ts";
import type { ClusterView } from "#core/clusters/contract.ts";
import type { RestoreRow } from "#core/restore/contract.ts";
import { ageWords } from "../snapshots/_lib/age-words.ts";
import type { DatacenterView } from "./model.ts";
import { pointWords } from "./model.ts";

export type AttentionAct =
  | {
      kind: "take";
      label: string;
      clusterId: string;
      datacenter: string;
      mode: "consistent" | "stale";
      failedId: string | null;
    }
  | { kind: "link"; label: string; href: string };

export type AttentionItem = {
  key: string;
  level: "critical" | "warning" | "notice";
  title: string;
  detail: string;
  /** Since when, or at what moment; null when it isn't known. */
  at: string | null;
  atWord: "since" | "at" | "ends";
  act: AttentionAct;
};

type Input = {
  views: readonly DatacenterView[];
  clusters: readonly ClusterView[];
  restores: readonly RestoreRow[];
  now: number;
};

const rank = { critical: 0, warning: 1, notice: 2 } as const;
const dayMs = 86_400_000;

/** What needs a person, worst first. Nothing is listed that the data does not prove. */
export function attentionItems({ views, clusters, restores, now }: Input): AttentionItem[] {
  const items = [
    ...views.flatMap((view) => datacenterItems(view, now)),
    ...clusters.flatMap((cluster) => certificateItem(cluster, now)),
    ...restores.flatMap((row) => restoreItem(row, now)),
  ];
  return items.sort((a, b) => rank[a.level] - rank[b.level]);
}

/** A datacenter without a leader says everything else in the same line; one that answers lists its own troubles. */
function datacenterItems(view: DatacenterView, now: number): AttentionItem[] {
  const { state } = view.health;
  if (state === "no_leader" || state === "unreachable") return [unreachableItem(view, now)];
  const items = [lateItem(view, now), attemptItem(view), serversItem(view)];
  return items.filter((item) => item !== null);
}

function unreachableItem(view: DatacenterView, now: number): AttentionItem {
  const { health, lastAttempt, lastGood } = view;
  const noLeader = health.state === "no_leader";
  const failed = lastAttempt?.state === "failed" ? lastAttempt : null;
  const subject = noLeader ? `${view.name} has no leader` : `${view.name} does not answer`;
  const title =
    failed === null
      ? `${subject}.`
      : `${subject}, and its ${pointWords(failed.takenAt, now)} snapshot failed.`;
  const servers =
    health.serversTotal === null
      ? ""
      : `${health.serversHealthy ?? 0} of ${health.serversTotal} servers answer.`;
  const loss =
    lastGood === null
      ? "There is no good snapshot to restore."
      : `A restore now would lose writes since ${pointWords(lastGood.takenAt, now)}.`;
  const words = noLeader ? servers : (health.problem ?? "");
  return {
    key: `${view.key}-down`,
    level: "critical",
    title,
    detail: [words, loss].filter((part) => part !== "").join(" "),
    at: health.since,
    atWord: "since",
    act: noLeader
      ? takeAct(
          view,
          "Take stale snapshot…",
          "stale",
          failed?.failureCode === "consul_no_leader" ? failed.id : null,
        )
      : { kind: "link", label: "Check cluster…", href: "/clusters" },
  };
}

function lateItem(view: DatacenterView, now: number): AttentionItem | null {
  if (view.lastGood === null) {
    return {
      key: `${view.key}-none`,
      level: "critical",
      title: `${view.name} has no good snapshot.`,
      detail: "Until there is one, it cannot be recovered.",
      at: null,
      atWord: "since",
      act: takeAct(view, "Take snapshot…", "consistent", null),
    };
  }
  if (view.overdueMs === null) return null;
  return {
    key: `${view.key}-late`,
    level: "warning",
    title: `${view.name} is ${ageWords(view.overdueMs)} past its objective.`,
    detail: `The newest good snapshot is of ${pointWords(view.lastGood.takenAt, now)}, the objective is ${formatObjective(view.health.objectiveMinutes)}.`,
    at: new Date(Date.parse(view.lastGood.takenAt) + view.objectiveMs).toISOString(),
    atWord: "since",
    act: takeAct(view, "Take snapshot…", "consistent", null),
  };
}

function attemptItem(view: DatacenterView): AttentionItem | null {
  const last = view.lastAttempt;
  if (last === null || (last.state !== "failed" && last.state !== "stale" && last.state !== "corrupt"))
    return null;
  const titles = {
    failed: `The newest snapshot of ${view.name} failed.`,
    stale: `The newest snapshot of ${view.name} is stale.`,
    corrupt: `The newest snapshot of ${view.name} no longer matches its checksums.`,
  };
  return {
    key: `${view.key}-attempt`,
    level: "warning",
    title: titles[last.state],
    detail:
      last.state === "stale"
        ? "Recent writes may be missing, so it does not count as good."
        : (last.failureText ?? "Nothing was stored."),
    at: last.takenAt,
    atWord: "at",
    act: { kind: "link", label: "Open", href: `/snapshots/${last.id}` },
  };
}

function serversItem(view: DatacenterView): AttentionItem | null {
  const { serversHealthy: healthy, serversTotal: total, since } = view.health;
  if (healthy === null || total === null || healthy >= total) return null;
  const down = total - healthy;
  return {
    key: `${view.key}-servers`,
    level: "warning",
    title: `${down} of ${total} servers of ${view.name} ${down === 1 ? "is" : "are"} not healthy.`,
    detail: "Snapshots still work as long as a leader is there.",
    at: since,
    atWord: "since",
    act: { kind: "link", label: "Check cluster…", href: "/clusters" },
  };
}

const certificateNoticeMs = 30 * dayMs;
const certificateWarningMs = 7 * dayMs;

function certificateItem(cluster: ClusterView, now: number): AttentionItem[] {
  if (cluster.caValidUntil === null) return [];
  const leftMs = Date.parse(cluster.caValidUntil) - now;
  if (leftMs > certificateNoticeMs) return [];
  const when = leftMs <= 0 ? "has ended" : `ends in ${formatAge(leftMs)}`;
  return [
    {
      key: `${cluster.id}-ca`,
      level: leftMs <= certificateWarningMs ? "warning" : "notice",
      title: `The CA certificate of ${cluster.name} ${when}.`,
      detail: "Snapkeep cannot reach Consul over TLS with an old one.",
      at: cluster.caValidUntil,
      atWord: "ends",
      act: { kind: "link", label: "Replace…", href: "/clusters" },
    },
  ];
}

/** A restore that somebody has to look at: its outcome is open, or it waits for a yes. */
function restoreItem(row: RestoreRow, now: number): AttentionItem[] {
  const words = restoreWords(row, now);
  if (words === null) return [];
  const act = { kind: "link" as const, label: "Look", href: `/restores/${row.id}` };
  return [{ key: row.id, at: row.startedAt, atWord: "at", act, ...words }];
}

function restoreWords(
  row: RestoreRow,
  now: number,
): Pick<AttentionItem, "level" | "title" | "detail"> | null {
  const { state, datacenter, byName } = row;
  if (state === "unknown" && now - Date.parse(row.startedAt) <= dayMs)
    return {
      level: "critical",
      title: `The outcome of the restore of ${datacenter} is not known.`,
      detail: "Its data may have been replaced.",
    };
  if (state === "interrupted")
    return {
      level: "critical",
      title: `The restore of ${datacenter} was interrupted.`,
      detail: "What the datacenter holds is being looked at.",
    };
  if (state === "waiting")
    return {
      level: "notice",
      title: `A restore of ${datacenter} waits for a second person.`,
      detail: `${byName} asked for it. Nothing is sent until somebody else agrees.`,
    };
  return null;
}

function takeAct(
  view: DatacenterView,
  label: string,
  mode: "consistent" | "stale",
  failedId: string | null,
): AttentionAct {
  return {
    kind: "take",
    label,
    mode,
    failedId,
    clusterId: view.health.clusterId,
    datacenter: view.health.datacenter,
  };
}
