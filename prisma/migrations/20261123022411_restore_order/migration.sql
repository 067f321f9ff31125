-- AlterTable
ALTER TABLE "Restore" ADD COLUMN "addressesJson" TEXT;
ALTER TABLE "Restore" ADD COLUMN "sendNumber" INTEGER;

-- AlterTable
ALTER TABLE "RestorePreflight" ADD COLUMN "clusterUpdatedAt" DATETIME;
ALTER TABLE "RestorePreflight" ADD COLUMN "sendsBefore" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Recovery" ADD COLUMN "addressesJson" TEXT;
ALTER TABLE "Recovery" ADD COLUMN "clusterUpdatedAt" DATETIME;
ALTER TABLE "Recovery" ADD COLUMN "sendsBefore" INTEGER NOT NULL DEFAULT 0;

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
