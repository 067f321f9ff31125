-- AlterTable
ALTER TABLE "Restore" ADD COLUMN "addressesJson" TEXT;
ALTER TABLE "Restore" ADD COLUMN "sendNumber" INTEGER;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_RestorePreflight" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "snapshotId" TEXT NOT NULL,
    "clusterId" TEXT NOT NULL,
    "clusterName" TEXT NOT NULL,
    "datacenter" TEXT NOT NULL,
    "clusterUpdatedAt" DATETIME,
    "sendsBefore" INTEGER NOT NULL DEFAULT 0,
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
INSERT INTO "new_RestorePreflight" ("archiveSha256", "byName", "byUserId", "clusterId", "clusterName", "comparisonId", "correlationId", "datacenter", "failureText", "finishedAt", "id", "impactJson", "linesJson", "liveIndex", "runner", "snapshotId", "startedAt", "state") SELECT "archiveSha256", "byName", "byUserId", "clusterId", "clusterName", "comparisonId", "correlationId", "datacenter", "failureText", "finishedAt", "id", "impactJson", "linesJson", "liveIndex", "runner", "snapshotId", "startedAt", "state" FROM "RestorePreflight";
DROP TABLE "RestorePreflight";
ALTER TABLE "new_RestorePreflight" RENAME TO "RestorePreflight";
CREATE INDEX "RestorePreflight_snapshotId_startedAt_idx" ON "RestorePreflight"("snapshotId", "startedAt");
CREATE TABLE "new_Recovery" (
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
    "clusterUpdatedAt" DATETIME,
    "addressesJson" TEXT,
    "sendsBefore" INTEGER NOT NULL DEFAULT 0,
    "appliedAt" DATETIME,
    "undoneAt" DATETIME,
    "countsJson" TEXT NOT NULL DEFAULT '{}',
    "outcomeText" TEXT,
    "correlationId" TEXT NOT NULL,
    "heartbeatAt" DATETIME,
    "runner" TEXT
);
INSERT INTO "new_Recovery" ("appliedAt", "byName", "byUserId", "clusterId", "clusterName", "correlationId", "countsJson", "datacenter", "heartbeatAt", "id", "outcomeText", "plannedAt", "reason", "runner", "selectionJson", "snapshotId", "state", "undoneAt") SELECT "appliedAt", "byName", "byUserId", "clusterId", "clusterName", "correlationId", "countsJson", "datacenter", "heartbeatAt", "id", "outcomeText", "plannedAt", "reason", "runner", "selectionJson", "snapshotId", "state", "undoneAt" FROM "Recovery";
DROP TABLE "Recovery";
ALTER TABLE "new_Recovery" RENAME TO "Recovery";
CREATE INDEX "Recovery_plannedAt_id_idx" ON "Recovery"("plannedAt" DESC, "id" DESC);
CREATE INDEX "Recovery_snapshotId_plannedAt_idx" ON "Recovery"("snapshotId", "plannedAt");
CREATE INDEX "Recovery_state_idx" ON "Recovery"("state");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- Restores of before are numbered in the order of their first bytes; what was planned before counts those before it.
UPDATE "Restore" SET "sendNumber" = (
  SELECT count(*) FROM "Restore" AS "earlier"
  WHERE "earlier"."firstByteSentAt" IS NOT NULL
    AND ("earlier"."firstByteSentAt" < "Restore"."firstByteSentAt"
      OR ("earlier"."firstByteSentAt" = "Restore"."firstByteSentAt" AND "earlier"."id" <= "Restore"."id"))
) WHERE "firstByteSentAt" IS NOT NULL;
UPDATE "Recovery" SET "sendsBefore" = (
  SELECT count(*) FROM "Restore" WHERE "firstByteSentAt" <= coalesce("appliedAt", "plannedAt")
);
