import { expect, it } from "vitest";
import {
  newClusterId,
  newCorrelationId,
  newDrillId,
  newDrillScheduleId,
  newPreflightId,
  newRecoveryId,
  newRequestId,
  newRestoreId,
  newSnapshotId,
  newTicketId,
} from "./ids.ts";

const makers = [
  ["s", newSnapshotId],
  ["c", newClusterId],
  ["r", newRestoreId],
  ["req", newRequestId],
  ["x", newCorrelationId],
  ["t", newTicketId],
  ["p", newPreflightId],
  ["l", newDrillId],
  ["ls", newDrillScheduleId],
  ["v", newRecoveryId],
] as const;

it.each(makers)(
  "an id of kind %s says what it names and holds no letter that reads like another",
  (prefix, make) => {
    for (let i = 0; i < 200; i += 1)
      expect(make()).toMatch(new RegExp(`^${prefix}-[0-9abcdefghjkmnpqrstvwxyz]{12}$`));
  },
);

it("20,000 ids are 20,000 different ones, and use the whole alphabet", () => {
  const ids = Array.from({ length: 20_000 }, newSnapshotId);
  expect(new Set(ids).size).toBe(20_000);
  expect(new Set(ids.join("").replaceAll("s-", "")).size).toBe(32);
});
