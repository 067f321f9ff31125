-- AlterTable
ALTER TABLE "Snapshot" ADD COLUMN "drillConsulVersion" TEXT;
ALTER TABLE "Snapshot" ADD COLUMN "drillId" TEXT;
ALTER TABLE "Snapshot" ADD COLUMN "drillMs" INTEGER;
ALTER TABLE "Snapshot" ADD COLUMN "drillState" TEXT;
ALTER TABLE "Snapshot" ADD COLUMN "drilledAt" DATETIME;

-- CreateTable
CREATE TABLE "RestoreEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "restoreId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "kind" TEXT NOT NULL,
    "step" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT 'done',
    "tookMs" INTEGER,
    "text" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "RestoreSample" (
    "restoreId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "leader" TEXT,
    "serversTotal" INTEGER,
    "serversHealthy" INTEGER,
    "checksTotal" INTEGER,
    "checksPassing" INTEGER,
    "raftIndex" BIGINT,
    "problem" TEXT,

    PRIMARY KEY ("restoreId", "at")
);

-- CreateTable
CREATE TABLE "RestorePreflight" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "snapshotId" TEXT NOT NULL,
    "clusterId" TEXT NOT NULL,
    "clusterName" TEXT NOT NULL,
    "datacenter" TEXT NOT NULL,
    "byUserId" TEXT,
    "byName" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    "archiveSha256" TEXT,
    "liveIndex" BIGINT,
    "linesJson" TEXT NOT NULL DEFAULT '[]',
    "impactJson" TEXT,
    "comparisonId" TEXT,
    "failureText" TEXT,
    "correlationId" TEXT NOT NULL,
    "runner" TEXT
);

-- CreateTable
CREATE TABLE "Drill" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "snapshotId" TEXT NOT NULL,
    "clusterId" TEXT,
    "clusterName" TEXT NOT NULL,
    "datacenter" TEXT,
    "trigger" TEXT NOT NULL,
    "scheduleId" TEXT,
    "slot" TEXT,
    "byUserId" TEXT,
    "byName" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    "durationMs" INTEGER,
    "consulVersion" TEXT,
    "snapshotVersion" TEXT,
    "archiveSha256" TEXT,
    "reportJson" TEXT,
    "outcomeText" TEXT,
    "correlationId" TEXT NOT NULL,
    "heartbeatAt" DATETIME,
    "runner" TEXT
);

-- CreateTable
CREATE TABLE "DrillSchedule" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "clusterId" TEXT NOT NULL,
    "datacenter" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "byName" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    "lastSlotAt" DATETIME
);

-- CreateTable
CREATE TABLE "Recovery" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "snapshotId" TEXT NOT NULL,
    "clusterId" TEXT,
    "clusterName" TEXT NOT NULL,
    "datacenter" TEXT NOT NULL,
    "selectionJson" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "byUserId" TEXT,
    "byName" TEXT NOT NULL,
    "plannedAt" DATETIME NOT NULL,
    "appliedAt" DATETIME,
    "undoneAt" DATETIME,
    "countsJson" TEXT NOT NULL DEFAULT '{}',
    "outcomeText" TEXT,
    "correlationId" TEXT NOT NULL,
    "heartbeatAt" DATETIME,
    "runner" TEXT
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Cluster" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "addressesJson" TEXT NOT NULL,
    "sealedToken" TEXT,
    "caPem" TEXT NOT NULL DEFAULT '',
    "clientCertPem" TEXT NOT NULL DEFAULT '',
    "sealedClientKey" TEXT,
    "tlsServerName" TEXT NOT NULL DEFAULT '',
    "tlsVerify" BOOLEAN NOT NULL DEFAULT true,
    "objectiveMinutes" INTEGER NOT NULL DEFAULT 1440,
    "restoreApproval" TEXT NOT NULL DEFAULT 'none',
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL
);
INSERT INTO "new_Cluster" ("addressesJson", "caPem", "clientCertPem", "createdAt", "id", "name", "objectiveMinutes", "sealedClientKey", "sealedToken", "source", "tlsServerName", "tlsVerify", "updatedAt") SELECT "addressesJson", "caPem", "clientCertPem", "createdAt", "id", "name", "objectiveMinutes", "sealedClientKey", "sealedToken", "source", "tlsServerName", "tlsVerify", "updatedAt" FROM "Cluster";
DROP TABLE "Cluster";
ALTER TABLE "new_Cluster" RENAME TO "Cluster";
CREATE UNIQUE INDEX "Cluster_name_key" ON "Cluster"("name");
CREATE TABLE "new_Restore" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "snapshotId" TEXT NOT NULL,
    "snapshotTakenAt" DATETIME,
    "snapshotDatacenter" TEXT,
    "archiveSha256" TEXT,
    "clusterId" TEXT,
    "clusterName" TEXT NOT NULL,
    "datacenter" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "byUserId" TEXT,
    "byName" TEXT NOT NULL,
    "preflightId" TEXT,
    "acceptedJson" TEXT NOT NULL DEFAULT '[]',
    "safetySnapshotId" TEXT,
    "withoutSafetyReason" TEXT,
    "returnOf" TEXT,
    "approvalExpiresAt" DATETIME,
    "approvedByUserId" TEXT,
    "approvedByName" TEXT,
    "approvedAt" DATETIME,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    "bytesSent" BIGINT NOT NULL DEFAULT 0,
    "bytesTotal" BIGINT NOT NULL,
    "firstByteSentAt" DATETIME,
    "allSentAt" DATETIME,
    "answeredAt" DATETIME,
    "consulStatus" INTEGER,
    "liveIndex" BIGINT,
    "interruptedAt" DATETIME,
    "checkedAt" DATETIME,
    "verdict" TEXT,
    "verdictJson" TEXT,
    "watchUntil" DATETIME,
    "watchEndedAt" DATETIME,
    "outcomeText" TEXT,
    "correlationId" TEXT NOT NULL,
    "heartbeatAt" DATETIME,
    "runner" TEXT
);
INSERT INTO "new_Restore" ("byName", "byUserId", "bytesSent", "bytesTotal", "clusterId", "clusterName", "consulStatus", "correlationId", "datacenter", "finishedAt", "firstByteSentAt", "heartbeatAt", "id", "outcomeText", "phase", "reason", "runner", "snapshotDatacenter", "snapshotId", "snapshotTakenAt", "startedAt", "state") SELECT "byName", "byUserId", "bytesSent", "bytesTotal", "clusterId", "clusterName", "consulStatus", "correlationId", "datacenter", "finishedAt", "firstByteSentAt", "heartbeatAt", "id", "outcomeText", "phase", "reason", "runner", "snapshotDatacenter", "snapshotId", "snapshotTakenAt", "startedAt", "state" FROM "Restore";
DROP TABLE "Restore";
ALTER TABLE "new_Restore" RENAME TO "Restore";
CREATE INDEX "Restore_startedAt_id_idx" ON "Restore"("startedAt" DESC, "id" DESC);
CREATE INDEX "Restore_state_idx" ON "Restore"("state");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "RestoreEvent_restoreId_id_idx" ON "RestoreEvent"("restoreId", "id");

-- CreateIndex
CREATE INDEX "RestorePreflight_snapshotId_startedAt_idx" ON "RestorePreflight"("snapshotId", "startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Drill_slot_key" ON "Drill"("slot");

-- CreateIndex
CREATE INDEX "Drill_startedAt_id_idx" ON "Drill"("startedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "Drill_snapshotId_startedAt_idx" ON "Drill"("snapshotId", "startedAt");

-- CreateIndex
CREATE INDEX "Drill_state_idx" ON "Drill"("state");

-- CreateIndex
CREATE UNIQUE INDEX "DrillSchedule_clusterId_datacenter_key" ON "DrillSchedule"("clusterId", "datacenter");

-- CreateIndex
CREATE INDEX "Recovery_plannedAt_id_idx" ON "Recovery"("plannedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "Recovery_snapshotId_plannedAt_idx" ON "Recovery"("snapshotId", "plannedAt");

-- CreateIndex
CREATE INDEX "Recovery_state_idx" ON "Recovery"("state");
