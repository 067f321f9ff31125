-- CreateTable
CREATE TABLE "Cluster" (
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
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Snapshot" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "takenAt" DATETIME NOT NULL,
    "clusterId" TEXT,
    "clusterName" TEXT NOT NULL,
    "datacenter" TEXT,
    "source" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "maxStaleMs" INTEGER,
    "note" TEXT NOT NULL DEFAULT '',
    "pinned" BOOLEAN NOT NULL DEFAULT false,
    "byUserId" TEXT,
    "byName" TEXT NOT NULL,
    "requestLine" TEXT,
    "answeredBy" TEXT,
    "responseStatus" INTEGER,
    "responseHeadersJson" TEXT NOT NULL DEFAULT '[]',
    "knownLeader" BOOLEAN,
    "lastContactMs" BIGINT,
    "leader" TEXT,
    "firstByteMs" INTEGER,
    "durationMs" INTEGER,
    "metaJson" TEXT,
    "metaId" TEXT,
    "raftIndex" BIGINT,
    "raftTerm" BIGINT,
    "stateBytes" BIGINT,
    "recordsJson" TEXT NOT NULL DEFAULT '[]',
    "consulVersion" TEXT,
    "archiveBytes" BIGINT,
    "changeBytes" BIGINT,
    "archiveSha256" TEXT,
    "metaSha256" TEXT,
    "stateSha256" TEXT,
    "fileName" TEXT,
    "verifiedAt" DATETIME,
    "failureCode" TEXT,
    "failureText" TEXT,
    "requestId" TEXT,
    "correlationId" TEXT NOT NULL,
    "phase" TEXT NOT NULL DEFAULT 'done',
    "bytesDone" BIGINT NOT NULL DEFAULT 0,
    "bytesExpected" BIGINT,
    "startedAt" DATETIME NOT NULL,
    "heartbeatAt" DATETIME,
    "runner" TEXT
);

-- CreateTable
CREATE TABLE "Restore" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "snapshotId" TEXT NOT NULL,
    "snapshotTakenAt" DATETIME,
    "snapshotDatacenter" TEXT,
    "clusterId" TEXT,
    "clusterName" TEXT NOT NULL,
    "datacenter" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "byUserId" TEXT,
    "byName" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    "bytesSent" BIGINT NOT NULL DEFAULT 0,
    "bytesTotal" BIGINT NOT NULL,
    "firstByteSentAt" DATETIME,
    "consulStatus" INTEGER,
    "outcomeText" TEXT,
    "correlationId" TEXT NOT NULL,
    "heartbeatAt" DATETIME,
    "runner" TEXT
);

-- CreateTable
CREATE TABLE "Lease" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "holder" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "entry" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT,
    "actorName" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "userAgent" TEXT,
    "door" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "targetId" TEXT,
    "reason" TEXT,
    "outcome" TEXT NOT NULL,
    "detail" TEXT,
    "requestId" TEXT NOT NULL,
    "correlationId" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Ticket" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "objectId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "contextJson" TEXT NOT NULL,
    "correlationId" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "redeemedAt" DATETIME
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "username" TEXT,
    "displayUsername" TEXT,
    "role" TEXT NOT NULL DEFAULT 'viewer',
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "expiresAt" DATETIME NOT NULL,
    "token" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "userId" TEXT NOT NULL,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" DATETIME,
    "refreshTokenExpiresAt" DATETIME,
    "scope" TEXT,
    "password" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Verification" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateIndex
CREATE UNIQUE INDEX "Cluster_name_key" ON "Cluster"("name");

-- CreateIndex
CREATE INDEX "Snapshot_takenAt_id_idx" ON "Snapshot"("takenAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "Snapshot_clusterId_datacenter_takenAt_idx" ON "Snapshot"("clusterId", "datacenter", "takenAt" DESC);

-- CreateIndex
CREATE INDEX "Snapshot_state_idx" ON "Snapshot"("state");

-- CreateIndex
CREATE INDEX "Restore_startedAt_id_idx" ON "Restore"("startedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "Restore_state_idx" ON "Restore"("state");

-- CreateIndex
CREATE INDEX "AuditEntry_action_entry_idx" ON "AuditEntry"("action", "entry");

-- CreateIndex
CREATE INDEX "AuditEntry_outcome_entry_idx" ON "AuditEntry"("outcome", "entry");

-- CreateIndex
CREATE INDEX "AuditEntry_targetId_entry_idx" ON "AuditEntry"("targetId", "entry");

-- CreateIndex
CREATE INDEX "AuditEntry_correlationId_idx" ON "AuditEntry"("correlationId");

-- CreateIndex
CREATE INDEX "Ticket_expiresAt_idx" ON "Ticket"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "User_username_key" ON "User"("username");

-- CreateIndex
CREATE UNIQUE INDEX "Session_token_key" ON "Session"("token");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "Account_userId_idx" ON "Account"("userId");

-- CreateIndex
CREATE INDEX "Verification_identifier_idx" ON "Verification"("identifier");
