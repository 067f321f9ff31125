import {
  type Icon,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCamera,
  IconClipboardCheck,
  IconDownload,
  IconEye,
  IconFileDiff,
  IconFileImport,
  IconFlask2,
  IconGitCompare,
  IconHistory,
  IconLockOpen,
  IconPinned,
  IconRestore,
  IconShieldCheck,
  IconTrash,
  IconUpload,
  IconUsers,
} from "@tabler/icons-react";
import type { CustodyEvent } from "#core/audit/contract.ts";

type Kind = {
  icon: Icon;
  /** The bold words of what happened, and its name when it didn't. */
  done: string;
  act: string;
  /** What belongs to the act, before the actor: the target without this snapshot. */
  about?: (event: CustodyEvent, id: string) => string | null;
  /** Whether the words beside the outcome say more, behind the actor. */
  telling?: boolean;
  /** Something is proven by it, so it is green. */
  proof?: boolean;
  /** The bytes left Snapkeep: where to, belongs to it. */
  leaves?: boolean;
};

/** Of `s-1 and s-2`, the one that isn't this snapshot. */
const otherSide = ({ target }: CustodyEvent, id: string): string | null => {
  const others = target.split(" and ").filter((side) => !side.includes(id));
  return others.length === 1 ? `with ${others[0]}` : null;
};
/** Of `dc1 in prod-us from s-1`, the place. */
const placeOf = ({ target }: CustodyEvent): string => `to ${target.split(" from ", 1)[0]}`;
/** Of `part of s-1 into dc1 in prod-us`, the place. */
const intoOf = ({ target }: CustodyEvent): string | null => {
  const [, place] = target.split(" into ", 2);
  return place === undefined ? null : `into ${place}`;
};

const kinds: Readonly<Record<string, Kind>> = {
  "snapshot.take": { icon: IconCamera, done: "Taken", act: "Take", telling: true },
  "snapshot.cancel": { icon: IconCamera, done: "Take cancelled", act: "Cancelling the take" },
  "snapshot.upload": { icon: IconUpload, done: "Uploaded", act: "Upload", telling: true },
  "snapshot.verify": {
    icon: IconShieldCheck,
    done: "Verified",
    act: "Verification",
    telling: true,
    proof: true,
  },
  "snapshot.download": {
    icon: IconDownload,
    done: "Downloaded",
    act: "Download",
    telling: true,
    leaves: true,
  },
  "snapshot.compare": {
    icon: IconGitCompare,
    done: "Compared",
    act: "Comparison",
    about: otherSide,
    telling: true,
  },
  "snapshot.exportDifferences": {
    icon: IconFileDiff,
    done: "Differences exported",
    act: "Export of differences",
    about: otherSide,
    leaves: true,
  },
  "snapshot.values": { icon: IconEye, done: "Value read", act: "Reading a value", telling: true },
  "secret.reveal": {
    icon: IconLockOpen,
    done: "Secret revealed",
    act: "Revealing a secret",
    telling: true,
  },
  "snapshot.pin": { icon: IconPinned, done: "Pinned", act: "Pinning" },
  "snapshot.delete": { icon: IconTrash, done: "Deleted", act: "Deletion" },
  "restore.run": { icon: IconRestore, done: "Restored", act: "Restore", about: placeOf },
  "restore.cancel": { icon: IconRestore, done: "Restore cancelled", act: "Cancelling the restore" },
  "restore.preflight": { icon: IconClipboardCheck, done: "Preflight ran", act: "Preflight", about: placeOf },
  "restore.check_token": { icon: IconClipboardCheck, done: "Token checked", act: "Checking a token" },
  "restore.request": {
    icon: IconUsers,
    done: "Restore asked for",
    act: "Asking for a restore",
    about: placeOf,
  },
  "restore.approve": {
    icon: IconUsers,
    done: "Restore approved",
    act: "Approving the restore",
    about: placeOf,
  },
  "restore.decline": {
    icon: IconUsers,
    done: "Restore declined",
    act: "Declining the restore",
    about: placeOf,
  },
  "restore.check": {
    icon: IconClipboardCheck,
    done: "Restore checked again",
    act: "Checking the restore again",
    telling: true,
  },
  "restore.finish_watch": { icon: IconRestore, done: "Watch finished", act: "Finishing the watch" },
  "snapshot.import": { icon: IconFileImport, done: "Imported", act: "Import", telling: true },
  "snapshot.drill": { icon: IconFlask2, done: "Drill passed", act: "Drill", telling: true, proof: true },
  "drill.cancel": { icon: IconFlask2, done: "Drill cancelled", act: "Cancelling the drill" },
  "recovery.plan": {
    icon: IconArrowBackUp,
    done: "Recovery planned",
    act: "Planning a recovery",
    about: intoOf,
    telling: true,
  },
  "recovery.apply": {
    icon: IconArrowBackUp,
    done: "Part recovered",
    act: "Recovering a part",
    about: intoOf,
    telling: true,
  },
  "recovery.undo": {
    icon: IconArrowForwardUp,
    done: "Recovery taken back",
    act: "Taking back the recovery",
    about: intoOf,
    telling: true,
  },
};

export type CustodyLine = {
  icon: Icon;
  tone: "good" | "bad" | "warn" | "idle";
  /** In bold: what happened. */
  words: string;
  /** In grey behind it: with what; and behind the actor, how much or which. */
  about: string | null;
  more: string | null;
  /** How it ended, when that isn't as it should. */
  why: string | null;
  /** Where it went; null for what stayed here. */
  address: string | null;
};

/** One event in words: what was done, or what was tried and how that ended. */
export function custodyLine(event: CustodyEvent, id: string): CustodyLine {
  const kind: Kind = kinds[event.action] ?? { icon: IconHistory, done: event.action, act: event.action };
  const about = kind.about?.(event, id) ?? null;
  const act = about === null ? kind.act : `${kind.act} ${about}`;
  const address = kind.leaves === true ? event.address : null;
  const line = { icon: kind.icon, about: null, more: null, why: event.detail, address };
  switch (event.outcome) {
    case "ok":
      return { ...line, why: null, ...doneWords(kind, event, about) };
    case "intent":
      return { ...line, tone: "idle", words: `${act} began`, why: null };
    case "denied":
      return { ...line, tone: "warn", words: `${act} denied`, address: event.address };
    case "failed":
      return { ...line, tone: "bad", words: `${act} failed` };
    case "unknown":
      return { ...line, tone: "warn", words: `${act}, outcome unknown` };
    default:
      return event.outcome satisfies never;
  }
}

/** `Restored to dc1` is said in one breath, and `Unpinned` is the same act in the log as its opposite. */
function doneWords(kind: Kind, event: CustodyEvent, about: string | null) {
  const tone = kind.proof === true ? ("good" as const) : ("idle" as const);
  const more = kind.telling === true ? event.detail : null;
  if (event.action === "restore.run") return { tone, more, words: `${kind.done} ${about}` };
  if (event.action === "snapshot.pin" && event.detail === "unpinned")
    return { tone, more, words: "Unpinned" };
  return { tone, more, about, words: kind.done };
}
