import type { IdentityReport, Verdict } from "#core/archive/identity/index.ts";
import type { Outcome } from "#core/consul/index.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { formatCount } from "../numbers.ts";
import type { Checked } from "./check.ts";

/** How it ended: `restored` only where a fresh snapshot was compared and is equal. */
export type RestoreEnd = "restored" | "not_sent" | "refused" | "unchanged" | "unproven";

/** What `snapkeep restore` tells; its JSON is exactly this. */
export type RestoreFound = {
  readonly file: string;
  readonly datacenter: string;
  readonly outcome: RestoreEnd;
  readonly text: string;
  readonly consulStatus: number | null;
  readonly verdict: Verdict | null;
  readonly safetyFile: string | null;
  readonly report: IdentityReport | null;
  readonly nextSteps: readonly string[];
};

type Told = Pick<RestoreFound, "outcome" | "text" | "verdict" | "report">;

export const exitOf: Record<RestoreEnd, ExitCode> = {
  restored: exitCodes.fine,
  not_sent: exitCodes.found,
  refused: exitCodes.found,
  unchanged: exitCodes.found,
  unproven: exitCodes.unproven,
};

/** Where Consul got nothing, or refused before it looked at the archive. */
export function fromRefusal({ state, text }: Outcome): Told {
  return { outcome: state === "refused" ? "refused" : "not_sent", text, verdict: null, report: null };
}

/** What is known after bytes were sent. Nothing is called restored, and nothing unchanged, without the comparison. */
export function fromCheck(datacenter: string, sent: Outcome, checked: Checked, hasSafety: boolean): Told {
  const isAnswered = sent.state === "succeeded";
  if ("problem" in checked) {
    const denied = checked.isDenied
      ? " The check needs a token of the snapshot: the one in use is not in it, or may not take snapshots."
      : "";
    const before = isAnswered ? "Consul answered 200, but" : sent.text;
    return {
      outcome: "unproven",
      text: `${before} ${datacenter} could not be compared with the file: ${checked.problem}${denied}`,
      verdict: null,
      report: null,
    };
  }
  const { verdict, snapshot } = checked;
  return { ...fromVerdict(datacenter, sent, verdict, snapshot, hasSafety), verdict, report: snapshot };
}

function fromVerdict(
  datacenter: string,
  { consulStatus, state }: Outcome,
  verdict: Verdict,
  report: IdentityReport,
  hasSafety: boolean,
): Pick<Told, "outcome" | "text"> {
  const answered = consulStatus === null ? "The answer was lost" : `Consul answered ${consulStatus}`;
  const equal = equalWords(report);
  switch (verdict) {
    case "snapshot":
      if (state !== "succeeded" && !hasSafety && report.writtenSince > 0)
        return {
          outcome: "unproven",
          text: `${answered}. ${datacenter} holds what was restored and more, ${equal}. Without a safety snapshot nobody can tell whether the rest was there before. Look at the datacenter before anything else.`,
        };
      return {
        outcome: "restored",
        text: `${answered}, and a fresh snapshot of ${datacenter} holds what was restored: ${equal}.`,
      };
    case "both":
      return {
        outcome: "restored",
        text: `${answered}. ${datacenter} holds what the file holds; it held the same before: ${equal}.`,
      };
    case "safety":
      return state === "succeeded"
        ? {
            outcome: "unproven",
            text: `${answered}, but ${datacenter} holds what it held before. Look at the datacenter before anything else.`,
          }
        : {
            outcome: "unchanged",
            text: `${answered}. ${datacenter} was compared twice and holds what it held before: nothing was replaced.`,
          };
    case "neither": {
      const other = hasSafety ? "nor what it held before" : "and there is no safety snapshot to compare with";
      const many = `${formatCount(report.unexplained)} ${report.unexplained === 1 ? "record differs" : "records differ"}`;
      return {
        outcome: "unproven",
        text: `${answered}. ${datacenter} does not hold what was restored (${many}), ${other}. Look at the datacenter before anything else.`,
      };
    }
    default:
      return verdict satisfies never;
  }
}

function equalWords(report: IdentityReport): string {
  const parts = [`${formatCount(report.equal)} of ${formatCount(report.wanted)} records equal`];
  if (report.moved > 0) parts.push(`${formatCount(report.moved)} moved by Consul itself`);
  if (report.writtenSince > 0) parts.push(`${formatCount(report.writtenSince)} written since`);
  return parts.join(", ");
}

/** What is left to do for whoever is there, in their order. Nothing where nothing was sent. */
export function nextSteps(outcome: RestoreEnd, hasAclTokens: boolean, safetyFile: string | null): string[] {
  if (outcome === "not_sent" || outcome === "refused" || outcome === "unchanged") return [];
  const look =
    outcome === "unproven"
      ? ["Compare by hand: consul snapshot save now.snap, then snapkeep diff FILE now.snap."]
      : [];
  const tokens = hasAclTokens
    ? [
        "The tokens of the snapshot work again. Those made since it was taken are gone, the bootstrap token of a fresh cluster among them.",
        "Give each agent its token again: consul acl set-agent-token agent TOKEN.",
      ]
    : [];
  const back =
    safetyFile === null
      ? []
      : [`The way back: snapkeep restore ${safetyFile}, with a token that is valid now.`];
  return [
    ...look,
    ...tokens,
    "Restart the servers one after the other, then the clients.",
    "Sessions began anew with their full TTL: ask those who hold locks. Start Vault again, if its storage is here.",
    ...back,
  ];
}
