import type { AuditEntry, AuditOutcome } from "#core/audit/contract.ts";

/** What one does and what one did, in front of the target. */
type Verb = readonly [todo: string, done: string];

const acts: Readonly<Record<string, Verb>> = {
  "account.add_passkey": ["add a passkey for", "added a passkey for"],
  "account.change_password": ["change the password of", "changed the password of"],
  "account.new_recovery_codes": ["make new recovery codes for", "made new recovery codes for"],
  "account.remove_code": ["remove the sign-in code of", "removed the sign-in code of"],
  "account.remove_passkey": ["remove a passkey of", "removed a passkey of"],
  "account.rename_passkey": ["rename a passkey of", "renamed a passkey of"],
  "account.set_up_code": ["set up the sign-in code for", "set up the sign-in code for"],
  "audit.anchor": ["anchor the head of the", "anchored the head of the"],
  "audit.archive": ["archive entries of the", "archived entries of the"],
  "audit.export": ["export the", "exported the"],
  "audit.verify": ["check the hash chain of the", "checked the hash chain of the"],
  "drill.cancel": ["cancel the drill of", "cancelled the drill of"],
  "drill.schedule": ["set the schedule of drills of", "set the schedule of drills of"],
  "drill.unschedule": ["remove the schedule of drills of", "removed the schedule of drills of"],
  "person.break_glass": ["change the break-glass right of", "changed the break-glass right of"],
  "person.grants": ["change the grants of", "changed the grants of"],
  "person.reset_password": ["reset the password of", "reset the password of"],
  "person.reset_second_factor": ["reset the second factor of", "reset the second factor of"],
  "recovery.apply": ["recover", "recovered"],
  "recovery.plan": ["plan the recovery of", "planned the recovery of"],
  "recovery.undo": ["take back the recovery of", "took back the recovery of"],
  "restore.approve": ["approve the restore of", "approved the restore of"],
  "restore.cancel": ["cancel the restore of", "cancelled the restore of"],
  "restore.check": [
    "check again what became of the restore of",
    "checked again what became of the restore of",
  ],
  "restore.check_token": ["check a token for the restore of", "checked a token for the restore of"],
  "restore.decline": ["decline the restore of", "declined the restore of"],
  "restore.finish_watch": [
    "finish the watch after the restore of",
    "finished the watch after the restore of",
  ],
  "restore.preflight": ["run the preflight of a restore of", "ran the preflight of a restore of"],
  "restore.request": ["ask for the restore of", "asked for the restore of"],
  "restore.run": ["restore", "restored"],
  "secret.reveal": ["reveal a secret in", "revealed a secret in"],
  "session.end": ["end a session of", "ended a session of"],
  "session.password_accepted": ["pass the first step as", "passed the first step as"],
  "session.second_factor": ["pass the second step as", "passed the second step as"],
  "session.sign_in": ["sign in as", "signed in as"],
  "session.sign_out": ["sign out as", "signed out as"],
  "setup.first_admin": ["create the first administrator,", "created the first administrator,"],
  "snapshot.cancel": ["cancel the take of", "cancelled the take of"],
  "snapshot.compare": ["compare", "compared"],
  "snapshot.drill": ["drill", "drilled"],
  "snapshot.exportDifferences": ["export the differences of", "exported the differences of"],
  "snapshot.import": ["import", "imported"],
  "snapshot.take": ["take a snapshot of", "took a snapshot of"],
  "snapshot.upload": ["upload", "uploaded"],
  "snapshot.values": ["read values in", "read values in"],
  "token.use": ["use the token", "used the token"],
};

/** What leads to the target, where that says nothing new because it is the actor. */
const lead = /(?: (?:as|for|of)|,)$/;

const verbs: Readonly<Record<string, Verb>> = {
  add: ["add", "added"],
  approve: ["approve", "approved"],
  cancel: ["cancel", "cancelled"],
  change: ["change", "changed"],
  create: ["create", "created"],
  delete: ["delete", "deleted"],
  disable: ["disable", "disabled"],
  download: ["download", "downloaded"],
  edit: ["change", "changed"],
  enable: ["enable", "enabled"],
  end: ["end", "ended"],
  make: ["make", "made"],
  pin: ["change the pin of", "changed the pin of"],
  remove: ["remove", "removed"],
  reset: ["reset", "reset"],
  revoke: ["revoke", "revoked"],
  test: ["test", "tested"],
  update: ["change", "changed"],
  verify: ["verify", "verified"],
};

export type ActSentence = { words: string; target: string | null };

/** What the actor did, for between the actor's name and the target: `changed schedule`, `was not allowed to …`. */
export function actSentence(
  entry: Pick<AuditEntry, "action" | "outcome" | "target" | "actorName">,
): ActSentence {
  const verb = acts[entry.action] ?? composed(entry.action);
  const words = inOutcome(verb, entry.outcome);
  const isOwn = entry.target === entry.actorName && lead.test(words);
  return isOwn ? { words: words.replace(lead, ""), target: null } : { words, target: entry.target };
}

/** `schedule.update` is "change schedule". What nobody foresaw is named as the log names it. */
function composed(action: string): Verb {
  const [noun = "", name = ""] = action.split(".");
  const verb = verbs[name];
  if (verb === undefined || noun === "") return [`do ${action} on`, `did ${action} on`];
  const words = noun.replaceAll("_", " ");
  return [`${verb[0]} ${words}`, `${verb[1]} ${words}`];
}

function inOutcome([todo, done]: Verb, outcome: AuditOutcome): string {
  switch (outcome) {
    case "ok":
      return done;
    case "intent":
      return `set out to ${todo}`;
    case "denied":
      return `was not allowed to ${todo}`;
    case "failed":
    case "unknown":
      return `tried to ${todo}`;
    default:
      return outcome satisfies never;
  }
}

/** `NS` for `night-shift`. */
export function initialsOf(name: string): string {
  const [first = "", second = ""] = name.split(/[._\s-]+/).filter((part) => part !== "");
  return (second === "" ? first.slice(0, 2) : `${first.charAt(0)}${second.charAt(0)}`).toUpperCase();
}
