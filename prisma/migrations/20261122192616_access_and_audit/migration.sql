-- DropIndex
DROP INDEX "AuditEntry_action_entry_idx";

-- DropIndex
DROP INDEX "AuditEntry_outcome_entry_idx";

-- DropIndex
DROP INDEX "AuditEntry_targetId_entry_idx";

-- AlterTable
ALTER TABLE "AuditEntry" ADD COLUMN "changesJson" TEXT;
ALTER TABLE "AuditEntry" ADD COLUMN "clusterId" TEXT;
ALTER TABLE "AuditEntry" ADD COLUMN "datacenter" TEXT;
ALTER TABLE "AuditEntry" ADD COLUMN "hash" TEXT;
ALTER TABLE "AuditEntry" ADD COLUMN "seal" TEXT;
ALTER TABLE "AuditEntry" ADD COLUMN "signedInWith" TEXT;
ALTER TABLE "AuditEntry" ADD COLUMN "snapshotId" TEXT;

-- CreateTable
CREATE TABLE "AuditHead" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT DEFAULT 1,
    "entry" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "seal" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "AuditSegment" (
    "firstEntry" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "lastEntry" INTEGER NOT NULL,
    "firstAt" DATETIME NOT NULL,
    "lastAt" DATETIME NOT NULL,
    "previousHash" TEXT NOT NULL,
    "lastHash" TEXT NOT NULL,
    "seal" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "fileSha256" TEXT NOT NULL,
    "fileBytes" INTEGER NOT NULL,
    "archivedAt" DATETIME
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "grantsJson" TEXT NOT NULL,
    "makerId" TEXT,
    "makerName" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME,
    "lastUsedAt" DATETIME,
    "lastUsedBy" TEXT,
    "revokedAt" DATETIME
);

-- CreateTable
CREATE TABLE "TwoFactor" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "secret" TEXT NOT NULL,
    "backupCodes" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "verified" BOOLEAN DEFAULT true,
    "failedVerificationCount" INTEGER DEFAULT 0,
    "lockedUntil" DATETIME,
    CONSTRAINT "TwoFactor_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Passkey" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT,
    "publicKey" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "credentialID" TEXT NOT NULL,
    "counter" INTEGER NOT NULL,
    "deviceType" TEXT NOT NULL,
    "backedUp" BOOLEAN NOT NULL,
    "transports" TEXT,
    "createdAt" DATETIME,
    "aaguid" TEXT,
    CONSTRAINT "Passkey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- AlterTable
-- Column by column, not as a new table: dropping the old one would take sessions and passwords along.
ALTER TABLE "User" ADD COLUMN "grantsJson" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "User" ADD COLUMN "grantsFrom" TEXT NOT NULL DEFAULT 'console';
ALTER TABLE "User" ADD COLUMN "breakGlass" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "User" ADD COLUMN "disabledAt" DATETIME;
ALTER TABLE "User" ADD COLUMN "lastSignInAt" DATETIME;
ALTER TABLE "User" ADD COLUMN "twoFactorEnabled" BOOLEAN NOT NULL DEFAULT false;
UPDATE "User" SET "grantsJson" = json_array(json_object('role', "role", 'clusterId', NULL, 'datacenter', NULL));
ALTER TABLE "User" DROP COLUMN "role";
ALTER TABLE "Session" ADD COLUMN "signedInWith" TEXT NOT NULL DEFAULT 'password';

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_hash_key" ON "ApiToken"("hash");

-- CreateIndex
CREATE INDEX "ApiToken_makerId_idx" ON "ApiToken"("makerId");

-- CreateIndex
CREATE INDEX "TwoFactor_secret_idx" ON "TwoFactor"("secret");

-- CreateIndex
CREATE INDEX "TwoFactor_userId_idx" ON "TwoFactor"("userId");

-- CreateIndex
CREATE INDEX "Passkey_userId_idx" ON "Passkey"("userId");

-- CreateIndex
CREATE INDEX "Passkey_credentialID_idx" ON "Passkey"("credentialID");

-- CreateIndex
CREATE INDEX "AuditEntry_at_idx" ON "AuditEntry"("at");

-- CreateIndex
CREATE INDEX "AuditEntry_action_at_entry_outcome_actorName_idx" ON "AuditEntry"("action", "at", "entry", "outcome", "actorName");

-- CreateIndex
CREATE INDEX "AuditEntry_outcome_at_entry_action_actorName_idx" ON "AuditEntry"("outcome", "at", "entry", "action", "actorName");

-- CreateIndex
CREATE INDEX "AuditEntry_actorName_at_entry_action_outcome_idx" ON "AuditEntry"("actorName", "at", "entry", "action", "outcome");

-- CreateIndex
CREATE INDEX "AuditEntry_targetId_at_idx" ON "AuditEntry"("targetId", "at");

-- CreateIndex
CREATE INDEX "AuditEntry_snapshotId_at_idx" ON "AuditEntry"("snapshotId", "at");

-- Words of the log by which it is searched. It holds no text of its own, only where each word stands. Action and
-- outcome are there so that a text together with one of them is answered by the search table alone.
CREATE VIRTUAL TABLE "AuditSearch" USING fts5("target", "targetId", "snapshotId", "actorName", "address", "requestId", "reason", "detail", "action", "outcome", content='', contentless_delete=1);
INSERT INTO "AuditSearch" (rowid, "target", "targetId", "snapshotId", "actorName", "address", "requestId", "reason", "detail", "action", "outcome")
  SELECT "entry", "target", "targetId", "snapshotId", "actorName", "address", "requestId", "reason", "detail", "action", "outcome" FROM "AuditEntry";

CREATE TRIGGER "AuditEntry_is_searchable" AFTER INSERT ON "AuditEntry" BEGIN
  INSERT INTO "AuditSearch" (rowid, "target", "targetId", "snapshotId", "actorName", "address", "requestId", "reason", "detail", "action", "outcome")
    VALUES (NEW."entry", NEW."target", NEW."targetId", NEW."snapshotId", NEW."actorName", NEW."address", NEW."requestId", NEW."reason", NEW."detail", NEW."action", NEW."outcome");
END;

-- Rows are only ever added. The one change allowed is the first chaining of rows from before the chain.
CREATE TRIGGER "AuditEntry_stays_as_written" BEFORE UPDATE ON "AuditEntry" WHEN OLD."hash" IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'a row of the audit log is never changed');
END;
-- A row may only go once its segment lies in an archive file that was read back.
CREATE TRIGGER "AuditEntry_stays_until_archived" BEFORE DELETE ON "AuditEntry" WHEN NOT EXISTS (
  SELECT 1 FROM "AuditSegment" WHERE "archivedAt" IS NOT NULL AND OLD."entry" BETWEEN "firstEntry" AND "lastEntry"
) BEGIN
  SELECT RAISE(ABORT, 'a row of the audit log is only removed with its archived segment');
END;
CREATE TRIGGER "AuditEntry_leaves_the_search" AFTER DELETE ON "AuditEntry" BEGIN
  DELETE FROM "AuditSearch" WHERE rowid = OLD."entry";
END;

-- Adds a row and moves the head in one statement, if the head still is where the writer knows it.
CREATE VIEW "AuditAppend" AS SELECT *, '' AS "previousHash", '' AS "headSeal" FROM "AuditEntry";
CREATE TRIGGER "AuditAppend_adds" INSTEAD OF INSERT ON "AuditAppend" BEGIN
  SELECT RAISE(ABORT, 'the head of the audit log has moved') WHERE NOT EXISTS (
    SELECT 1 FROM "AuditHead" WHERE "id" = 1 AND "entry" = NEW."entry" - 1 AND "hash" = NEW."previousHash"
  );
  INSERT INTO "AuditEntry" ("entry", "at", "actorKind", "actorId", "actorName", "role", "signedInWith", "address", "userAgent", "door", "action", "target", "targetId", "snapshotId", "clusterId", "datacenter", "reason", "outcome", "detail", "changesJson", "requestId", "correlationId", "hash", "seal")
    VALUES (NEW."entry", NEW."at", NEW."actorKind", NEW."actorId", NEW."actorName", NEW."role", NEW."signedInWith", NEW."address", NEW."userAgent", NEW."door", NEW."action", NEW."target", NEW."targetId", NEW."snapshotId", NEW."clusterId", NEW."datacenter", NEW."reason", NEW."outcome", NEW."detail", NEW."changesJson", NEW."requestId", NEW."correlationId", NEW."hash", NEW."seal");
  UPDATE "AuditHead" SET "entry" = NEW."entry", "hash" = NEW."hash", "seal" = NEW."headSeal" WHERE "id" = 1;
END;
