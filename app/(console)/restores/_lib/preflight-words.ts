import { formatBytes, formatCount } from "#app/_ui/format.ts";
import type {
  Impact,
  ImpactGroup,
  Preflight,
  PreflightLine,
  preflightNames,
  RestoreDetail,
} from "#core/restore/contract.ts";

export type PreflightName = (typeof preflightNames)[number];

/** `4 pass, 2 warnings, nothing blocks` */
export function preflightSummary(lines: readonly PreflightLine[]): string {
  const count = (result: PreflightLine["result"]) => lines.filter((line) => line.result === result).length;
  const blocks = count("block");
  return [
    `${count("pass")} pass`,
    formatCount(count("warning"), "warning"),
    blocks === 0 ? "nothing blocks" : formatCount(blocks, "block"),
  ].join(", ");
}

/** What a preflight is doing, as long as it runs. */
export function preflightDoing({ phase, target }: Pick<Preflight, "phase" | "target">): string {
  switch (phase) {
    case "target":
      return `Asking ${target.datacenter}`;
    case "taking":
      return `Reading the live state of ${target.datacenter}`;
    case "comparing":
      return "Comparing the snapshot with the live state";
    case "done":
      return "Writing down the result";
    default:
      return phase satisfies never;
  }
}

/** Whether it still counts. One without an end has not begun to age. */
export function isOutdated(preflight: Pick<Preflight, "validUntil">, now: number): boolean {
  return preflight.validUntil !== null && Date.parse(preflight.validUntil) <= now;
}

/** What helps against a warning or a block, beside its words. */
export function lineAct(line: PreflightLine): "check-token" | "run-again" | "drill" | null {
  if (line.result === "pass") return null;
  if (line.name === "token" || line.name === "administrators") return "check-token";
  if (line.result === "block") return "run-again";
  return line.name === "drill" ? "drill" : null;
}

export const groupNames: Record<ImpactGroup, string> = {
  kv: "KV keys",
  catalog: "Nodes, services, checks",
  acl: "ACL tokens, policies, roles",
  sessions: "Sessions",
  config: "Config entries, intentions",
  queries: "Prepared queries",
  other: "Other records",
};

type ImpactKey = Impact["keys"][number];

export const keyChanges = {
  comes_back: { sign: "+", word: "comes back", tone: "good" },
  reverts: { sign: "~", word: "reverts", tone: "warn" },
  disappears: { sign: "−", word: "disappears", tone: "bad" },
} as const satisfies Record<ImpactKey["change"], { sign: string; word: string; tone: string }>;

/** `reverts, 72 B to 64 B`: first what it is now, then what it will be. */
export function keyChangeWords({ change, liveBytes, snapshotBytes }: ImpactKey): string {
  const sizes = [liveBytes, snapshotBytes]
    .filter((bytes) => bytes !== null)
    .map((bytes) => formatBytes(bytes));
  return [keyChanges[change].word, sizes.join(" to ")].filter((part) => part !== "").join(", ");
}

/** Nothing changes, or how much: for whoever reads only one line. */
export function impactWords({ total }: Impact): string {
  const changed = total.comesBack + total.reverts + total.disappears;
  return changed === 0
    ? "Nothing changes. The snapshot and the live state hold the same."
    : `${formatCount(changed, "record")} in all`;
}

/** The comparison of that moment. It is kept for a while only; the page offers a new one then. */
export function fullDiffHref(preflight: Preflight, impact: Impact): string {
  return `/compare?a=${encodeURIComponent(preflight.snapshot.id)}&b=live&id=${encodeURIComponent(impact.comparisonId)}`;
}

/** What the names that were ticked mean, for the record of a restore. */
const lineNames: Record<PreflightName, string> = {
  archive: "Archive",
  edition: "Edition",
  version: "Version",
  target: "Target",
  servers: "Servers",
  token: "Token",
  administrators: "Administrators",
  same_cluster: "Another cluster",
  age: "Age",
  vault: "Vault",
  sessions: "Sessions and locks",
  nodes: "Nodes",
  others: "Other runs",
  room: "Room",
  impact: "Impact",
  drill: "Drill",
};

export function acceptedWords(accepted: RestoreDetail["accepted"]): string {
  return accepted.length === 0 ? "None" : accepted.map((name) => lineNames[name]).join(", ");
}
