import type { Role } from "#core/access/contract.ts";
import type { AuditMode } from "#core/kernel/operation.ts";
import type { OperationName } from "./runtime.ts";

/**
 * How far a permission reaches for an operation. place: where its target is. everywhere: for all clusters alone.
 * somewhere: it is enough that one holds it for any place, and the answer shows what lies within. nobody's: everybody
 * who is known, for what is their own.
 */
export type Scope = "place" | "everywhere" | "somewhere" | "own";

export type Line = readonly [mode: AuditMode, action: string, roles: string, scope: Scope];

const all = "v o r u a";
const administrator = "        a";
const restorer = "    r   a";
const operator = "  o r   a";
const auditor = "      u a";

/**
 * Every operation, how it is audited, under which name, which roles may (viewer, operator, restorer, auditor,
 * administrator), and how far. Written out by hand: a new operation has to be entered here before the tests pass.
 */
export const operationTable: Record<OperationName, Line> = {
  "audit.list": ["none", "audit.list", auditor, "everywhere"],
  "audit.get": ["none", "audit.get", auditor, "everywhere"],
  "audit.facets": ["none", "audit.facets", auditor, "everywhere"],
  "audit.chain": ["none", "audit.chain", auditor, "everywhere"],
  "audit.segments": ["none", "audit.segments", auditor, "everywhere"],
  "audit.custody": ["none", "audit.custody", all, "place"],
  "audit.verify": ["act", "audit.verify", auditor, "everywhere"],
  "audit.export": ["long-act", "audit.export", auditor, "everywhere"],
  "audit.archive": ["act", "audit.archive", administrator, "everywhere"],
  "people.list": ["none", "person.list", administrator, "everywhere"],
  "people.create": ["change", "person.add", administrator, "everywhere"],
  "people.setGrants": ["change", "person.grants", administrator, "everywhere"],
  "people.setBreakGlass": ["change", "person.break_glass", administrator, "everywhere"],
  "people.disable": ["change", "person.disable", administrator, "everywhere"],
  "people.enable": ["change", "person.enable", administrator, "everywhere"],
  "people.remove": ["change", "person.remove", administrator, "everywhere"],
  "people.resetPassword": ["change", "person.reset_password", administrator, "everywhere"],
  "people.resetSecondFactor": ["change", "person.reset_second_factor", administrator, "everywhere"],
  "people.endSessions": ["change", "session.end", administrator, "everywhere"],
  "account.get": ["none", "account.get", all, "own"],
  "account.sessions": ["none", "account.sessions", all, "own"],
  "account.endSession": ["change", "session.end", all, "own"],
  "account.endOtherSessions": ["change", "session.end", all, "own"],
  "account.changePassword": ["change", "account.change_password", all, "own"],
  "account.beginTotp": ["change", "account.begin_code", all, "own"],
  "account.confirmTotp": ["change", "account.set_up_code", all, "own"],
  "account.disableTotp": ["change", "account.remove_code", all, "own"],
  "account.newRecoveryCodes": ["change", "account.new_recovery_codes", all, "own"],
  "account.passkeys": ["none", "account.passkeys", all, "own"],
  "account.beginPasskey": ["change", "account.begin_passkey", all, "own"],
  "account.finishPasskey": ["change", "account.add_passkey", all, "own"],
  "account.renamePasskey": ["change", "account.rename_passkey", all, "own"],
  "account.removePasskey": ["change", "account.remove_passkey", all, "own"],
  "tokens.list": ["none", "token.list", all, "somewhere"],
  "tokens.create": ["change", "token.create", all, "somewhere"],
  "tokens.revoke": ["change", "token.revoke", all, "somewhere"],
  "clusters.list": ["none", "cluster.list", all, "somewhere"],
  "clusters.datacenters": ["none", "cluster.datacenters", all, "somewhere"],
  "clusters.servers": ["none", "cluster.servers", all, "place"],
  "clusters.create": ["change", "cluster.add", administrator, "everywhere"],
  "clusters.update": ["change", "cluster.edit", administrator, "place"],
  "clusters.remove": ["change", "cluster.remove", administrator, "place"],
  "clusters.test": ["act", "cluster.test", administrator, "place"],
  "snapshots.list": ["none", "snapshot.list", all, "somewhere"],
  "snapshots.get": ["none", "snapshot.get", all, "place"],
  "snapshots.summary": ["none", "snapshot.summary", all, "somewhere"],
  "snapshots.take": ["long-act", "snapshot.take", operator, "place"],
  "snapshots.cancel": ["act", "snapshot.cancel", operator, "place"],
  "snapshots.pin": ["change", "snapshot.pin", operator, "place"],
  "snapshots.delete": ["act", "snapshot.delete", operator, "place"],
  "snapshots.archive": ["none", "snapshot.archive", restorer, "place"],
  "snapshots.download": ["long-act", "snapshot.download", restorer, "place"],
  "snapshots.beginUpload": ["long-act", "snapshot.upload", operator, "place"],
  "contents.summary": ["none", "snapshot.look", all, "place"],
  "contents.children": ["none", "snapshot.look", all, "place"],
  "contents.search": ["none", "snapshot.look", all, "place"],
  "contents.records": ["none", "snapshot.look", all, "place"],
  "contents.value": ["read", "snapshot.values", restorer, "place"],
  "contents.revealValue": ["act", "secret.reveal", restorer, "place"],
  "contents.revealRecord": ["act", "secret.reveal", restorer, "place"],
  "comparisons.start": ["long-act", "snapshot.compare", all, "place"],
  "comparisons.get": ["none", "snapshot.compare", all, "place"],
  "comparisons.differences": ["none", "snapshot.compare", all, "place"],
  "comparisons.value": ["read", "snapshot.values", restorer, "place"],
  "comparisons.record": ["none", "snapshot.compare", all, "place"],
  "comparisons.reveal": ["act", "secret.reveal", restorer, "place"],
  "comparisons.export": ["change", "snapshot.exportDifferences", all, "place"],
  "drills.list": ["none", "drill.list", all, "somewhere"],
  "drills.get": ["none", "drill.get", all, "place"],
  "drills.ability": ["none", "drill.ability", all, "somewhere"],
  "drills.start": ["long-act", "snapshot.drill", operator, "place"],
  "drills.cancel": ["act", "drill.cancel", operator, "place"],
  "drills.schedules": ["none", "drill.schedules", all, "somewhere"],
  "drills.saveSchedule": ["change", "drill.schedule", operator, "place"],
  "drills.removeSchedule": ["change", "drill.unschedule", operator, "place"],
  "restores.list": ["none", "restore.list", all, "somewhere"],
  "restores.get": ["none", "restore.get", all, "place"],
  "restores.startPreflight": ["long-act", "restore.preflight", restorer, "place"],
  "restores.preflight": ["none", "restore.preflight", all, "place"],
  "restores.checkToken": ["read", "restore.check_token", restorer, "place"],
  "restores.request": ["change", "restore.request", restorer, "place"],
  "restores.approve": ["change", "restore.approve", restorer, "place"],
  "restores.decline": ["change", "restore.decline", restorer, "place"],
  "restores.returnToSafety": ["long-act", "restore.run", restorer, "place"],
  "restores.checkAgain": ["long-act", "restore.check", restorer, "place"],
  "restores.finishWatch": ["act", "restore.finish_watch", restorer, "place"],
  "restores.start": ["long-act", "restore.run", restorer, "place"],
  "restores.cancel": ["act", "restore.cancel", restorer, "place"],
  "recoveries.list": ["none", "recovery.list", all, "somewhere"],
  "recoveries.get": ["none", "recovery.get", all, "place"],
  "recoveries.items": ["none", "recovery.items", all, "place"],
  "recoveries.plan": ["long-act", "recovery.plan", restorer, "place"],
  "recoveries.apply": ["long-act", "recovery.apply", restorer, "place"],
  "recoveries.undo": ["long-act", "recovery.undo", restorer, "place"],
};

export const operationNames = Object.keys(operationTable) as OperationName[];

const letters: Record<Role, string> = {
  viewer: "v",
  operator: "o",
  restorer: "r",
  auditor: "u",
  administrator: "a",
};

/** Whether a role may do it at all, by the table above. */
export function mayRole(role: string, name: OperationName): boolean {
  const letter = letters[role as Role];
  return (
    operationTable[name][3] === "own" || (letter !== undefined && operationTable[name][2].includes(letter))
  );
}
