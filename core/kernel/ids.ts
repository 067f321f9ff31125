import { randomBytes } from "node:crypto";

/** Crockford's base 32 in lower case: no letter that reads like another one. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** 12 characters are 60 random bits: enough for rows that are made by hand and by schedules. */
const idLength = 12;

export type SnapshotId = string & { readonly __brand: "SnapshotId" };
export type ClusterId = string & { readonly __brand: "ClusterId" };
export type RestoreId = string & { readonly __brand: "RestoreId" };
export type RequestId = string & { readonly __brand: "RequestId" };

function randomId(prefix: string): string {
  return idOf(prefix, randomBytes(idLength));
}

function idOf(prefix: string, bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += alphabet[byte & 31];
  return `${prefix}-${text}`;
}

export const newSnapshotId = (): SnapshotId => randomId("s") as SnapshotId;
/** The id that follows from an archive's digest: the same file has the same one wherever it is imported. */
export const snapshotIdOf = (sha256: string): SnapshotId =>
  idOf("s", Buffer.from(sha256, "hex").subarray(0, idLength)) as SnapshotId;
export const newClusterId = (): ClusterId => randomId("c") as ClusterId;
export const newRestoreId = (): RestoreId => randomId("r") as RestoreId;
export const newComparisonId = (): string => randomId("d");
export const newPreflightId = (): string => randomId("p");
export const newDrillId = (): string => randomId("l");
export const newDrillScheduleId = (): string => randomId("ls");
export const newRecoveryId = (): string => randomId("v");
export const newRequestId = (): RequestId => randomId("req") as RequestId;
export const newCorrelationId = (): string => randomId("x");
export const newTokenId = (): string => randomId("k");
export const newTicketId = (): string => randomId("t");
