import path from "node:path";
import Sqlite from "better-sqlite3";
import { writeArchive } from "./archive-writer.ts";
import { recordSamples } from "./record-samples.ts";
import type { InputOf, OperationName, TestRuntime } from "./runtime.ts";
import { uploadArchive } from "./upload-archive.ts";
import { waitFor } from "./wait-for.ts";

/** What there is of each kind in one cluster, to aim operations at. */
export type ClusterWorld = {
  clusterId: string;
  datacenter: string;
  snapshotId: string;
  comparisonId: string;
  restoreId: string;
  preflightId: string;
  recoveryId: string;
  drillId: string;
  drillScheduleId: string;
};

/** Two clusters that are alike: one for the roles under test, and one that is none of their business. */
export async function buildAccessWorld(snapkeep: TestRuntime, deadAddress: string) {
  const own = await buildCluster(snapkeep, "own", deadAddress);
  const foreign = await buildCluster(snapkeep, "foreign", deadAddress);
  return { own, foreign };
}

async function buildCluster(snapkeep: TestRuntime, name: string, address: string): Promise<ClusterWorld> {
  const { id: clusterId } = await snapkeep.execute("clusters.create", { name, addresses: [address] });
  const datacenter = "dc1";
  const snapshotId = await upload(snapkeep, clusterId, datacenter);
  const { id: comparisonId } = await snapkeep.execute("comparisons.start", {
    a: { snapshotId },
    b: { snapshotId: await upload(snapkeep, clusterId, datacenter) },
  });
  await waitFor("the comparison", async () => {
    const { state, failureText } = await snapkeep.execute("comparisons.get", { id: comparisonId });
    if (state === "failed") throw new Error(failureText ?? "The comparison failed.");
    return state === "ready" ? state : null;
  });
  const { restoreId, preflightId } = addRestore(snapkeep.dataFolder, {
    clusterId,
    name,
    datacenter,
    snapshotId,
  });
  const recoveryId = addRecovery(snapkeep.dataFolder, { clusterId, name, datacenter, snapshotId });
  const drillId = addDrill(snapkeep.dataFolder, { clusterId, name, datacenter, snapshotId });
  const { id: drillScheduleId } = await snapkeep.execute("drills.saveSchedule", {
    clusterId,
    datacenter,
    cron: "0 4 1 1 *",
    enabled: false,
  });
  return {
    clusterId,
    datacenter,
    snapshotId,
    comparisonId,
    restoreId,
    preflightId,
    recoveryId,
    drillId,
    drillScheduleId,
  };
}

const upload = (snapkeep: TestRuntime, clusterId: string, datacenter: string): Promise<string> =>
  uploadArchive(snapkeep, writeArchive({ records: recordSamples }), { clusterId, datacenter });

function addRestore(
  dataFolder: string,
  about: { clusterId: string; name: string; datacenter: string; snapshotId: string },
): { restoreId: string; preflightId: string } {
  const id = `r-${about.name}`;
  const preflightId = `p-${about.name}`;
  const records = new Sqlite(path.join(dataFolder, "snapkeep.db"), { timeout: 10_000 });
  records
    .prepare(
      `INSERT INTO "Restore" ("id", "state", "phase", "snapshotId", "clusterId", "clusterName", "datacenter",
       "reason", "byName", "startedAt", "bytesTotal", "correlationId")
       VALUES (?, 'succeeded', 'done', ?, ?, ?, ?, 'for tests', 'ada', ?, 1, 'x-1')`,
    )
    .run(id, about.snapshotId, about.clusterId, about.name, about.datacenter, new Date().toISOString());
  records
    .prepare(
      `INSERT INTO "RestorePreflight" ("id", "state", "snapshotId", "clusterId", "clusterName", "datacenter", "byName",
       "startedAt", "finishedAt", "correlationId") VALUES (?, 'ready', ?, ?, ?, ?, 'ada', ?, ?, 'x-2')`,
    )
    .run(
      preflightId,
      about.snapshotId,
      about.clusterId,
      about.name,
      about.datacenter,
      new Date().toISOString(),
      new Date().toISOString(),
    );
  records.close();
  return { restoreId: id, preflightId };
}

function addRecovery(
  dataFolder: string,
  about: { clusterId: string; name: string; datacenter: string; snapshotId: string },
): string {
  const id = `v-${about.name}`;
  const records = new Sqlite(path.join(dataFolder, "snapkeep.db"), { timeout: 10_000 });
  records
    .prepare(
      `INSERT INTO "Recovery" ("id", "state", "snapshotId", "clusterId", "clusterName", "datacenter", "selectionJson",
       "byName", "plannedAt", "correlationId") VALUES (?, 'planned', ?, ?, ?, ?, '[]', 'ada', ?, 'x-3')`,
    )
    .run(id, about.snapshotId, about.clusterId, about.name, about.datacenter, new Date().toISOString());
  records.close();
  return id;
}

function addDrill(
  dataFolder: string,
  about: { clusterId: string; name: string; datacenter: string; snapshotId: string },
): string {
  const id = `l-${about.name}`;
  const records = new Sqlite(path.join(dataFolder, "snapkeep.db"), { timeout: 10_000 });
  records
    .prepare(
      `INSERT INTO "Drill" ("id", "state", "phase", "snapshotId", "clusterId", "clusterName", "datacenter", "trigger",
       "byName", "startedAt", "correlationId") VALUES (?, 'passed', 'done', ?, ?, ?, ?, 'manual', 'ada', ?, 'x-4')`,
    )
    .run(id, about.snapshotId, about.clusterId, about.name, about.datacenter, new Date().toISOString());
  records.close();
  return id;
}

type Inputs = { [Name in OperationName]: InputOf<Name> };

/**
 * A good input for every operation, aimed at this cluster where it can be aimed.
 * @param personId somebody who is there, or nobody.
 */
export function inputsFor(world: ClusterWorld, personId = "u-nobody"): Inputs {
  const {
    clusterId,
    datacenter,
    snapshotId,
    comparisonId,
    restoreId,
    preflightId,
    recoveryId,
    drillId,
    drillScheduleId,
  } = world;
  const place = { clusterId, datacenter };
  const snapshot = { id: snapshotId };
  const comparison = { id: comparisonId };
  const reason = "to see who may";
  const cluster = { name: "another", addresses: ["http://127.0.0.1:1"] };
  const keyId = Buffer.from("a").toString("base64url");
  const grants = [{ role: "viewer" as const }];
  const person = { id: personId };
  return {
    "audit.list": {},
    "audit.get": { entry: 1 },
    "audit.facets": {},
    "audit.chain": {},
    "audit.segments": {},
    "audit.custody": snapshot,
    "audit.verify": {},
    "audit.export": { format: "csv" },
    "audit.archive": { keepDays: 30 },
    "people.list": {},
    "people.create": { name: "grace", grants },
    "people.setGrants": { ...person, grants },
    "people.setBreakGlass": { ...person, breakGlass: true },
    "people.disable": person,
    "people.enable": person,
    "people.remove": person,
    "people.resetPassword": person,
    "people.resetSecondFactor": person,
    "people.endSessions": person,
    "account.get": {},
    "account.sessions": {},
    "account.endSession": { id: "session" },
    "account.endOtherSessions": {},
    "account.changePassword": { currentPassword: "old", newPassword: "a long new pass phrase" },
    "account.beginTotp": { password: "old" },
    "account.confirmTotp": { code: "123456" },
    "account.disableTotp": { password: "old" },
    "account.newRecoveryCodes": { password: "old" },
    "account.passkeys": {},
    "account.beginPasskey": { password: "old" },
    "account.finishPasskey": { name: "key", response: { id: "a", rawId: "a" } },
    "account.renamePasskey": { id: "key", name: "other" },
    "account.removePasskey": { id: "key" },
    "tokens.list": {},
    "tokens.create": { name: "ci", grants: [{ role: "viewer", clusterId }] },
    "tokens.revoke": { id: "k-nothing" },
    "clusters.list": {},
    "clusters.datacenters": {},
    "clusters.servers": place,
    "clusters.create": cluster,
    "clusters.update": { ...cluster, id: clusterId },
    "clusters.remove": { id: clusterId },
    "clusters.test": { ...cluster, id: clusterId },
    "snapshots.list": {},
    "snapshots.get": snapshot,
    "snapshots.summary": {},
    "snapshots.take": place,
    "snapshots.cancel": snapshot,
    "snapshots.pin": { ...snapshot, pinned: true },
    "snapshots.delete": snapshot,
    "snapshots.archive": snapshot,
    "snapshots.download": snapshot,
    "snapshots.beginUpload": { fileName: "b.snap", bytes: 10, ...place },
    "contents.summary": snapshot,
    "contents.children": snapshot,
    "contents.search": { ...snapshot, pattern: "a" },
    "contents.records": { ...snapshot, kind: "node" },
    "contents.value": { ...snapshot, keyId },
    "contents.revealValue": { ...snapshot, keyId, reason },
    "contents.revealRecord": { ...snapshot, kind: "node", identity: "n", reason },
    "comparisons.start": { a: { snapshotId }, b: { snapshotId } },
    "comparisons.get": comparison,
    "comparisons.differences": comparison,
    "comparisons.value": { ...comparison, keyId },
    "comparisons.record": { ...comparison, kind: "node", identity: "n" },
    "comparisons.reveal": { ...comparison, keyId, reason },
    "comparisons.export": comparison,
    "drills.list": {},
    "drills.get": { id: drillId },
    "drills.ability": {},
    "drills.start": { snapshotId },
    "drills.cancel": { id: drillId },
    "drills.schedules": {},
    "drills.saveSchedule": { ...place, cron: "0 4 * * 1" },
    "drills.removeSchedule": { id: drillScheduleId },
    "restores.list": {},
    "restores.get": { id: restoreId },
    "restores.startPreflight": { snapshotId, ...place },
    "restores.preflight": { id: preflightId },
    "restores.checkToken": { id: preflightId, token: "nobody's" },
    "restores.start": { snapshotId, ...place, preflightId, reason, confirmDatacenter: datacenter },
    "restores.request": { snapshotId, ...place, preflightId, reason, confirmDatacenter: datacenter },
    "restores.approve": { id: restoreId },
    "restores.decline": { id: restoreId, reason },
    "restores.returnToSafety": { id: restoreId, reason, confirmDatacenter: datacenter },
    "restores.checkAgain": { id: restoreId },
    "restores.finishWatch": { id: restoreId },
    "restores.cancel": { id: restoreId },
    "recoveries.list": {},
    "recoveries.get": { id: recoveryId },
    "recoveries.items": { id: recoveryId },
    "recoveries.plan": { snapshotId, ...place, selections: [{ prefix: "" }] },
    "recoveries.apply": { id: recoveryId, reason },
    "recoveries.undo": { id: recoveryId, reason },
  };
}
