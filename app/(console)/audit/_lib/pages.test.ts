import { describe, expect, it } from "vitest";
import type { AuditEntry, AuditPage } from "#core/audit/contract.ts";
import { rowsPerPage } from "./filters.ts";
import { newerPage, olderPage, stepFrom } from "./pages.ts";

const row = (entry: number): AuditEntry => ({
  entry,
  at: "2026-07-23T03:14:02.000Z",
  actorKind: "person",
  actorId: "u-1",
  actorName: "ops-primary",
  role: "operator",
  signedInWith: "password",
  address: "10.44.2.9",
  userAgent: null,
  door: "action",
  action: "snapshot.take",
  target: "dc1",
  targetId: null,
  snapshotId: null,
  clusterId: null,
  datacenter: null,
  reason: null,
  outcome: "ok",
  detail: null,
  changes: null,
  requestId: "req-1",
  correlationId: "c-1",
  hash: null,
});
const page = (change: Partial<AuditPage> = {}): AuditPage => ({
  rows: [row(30), row(20), row(10)],
  total: 3,
  totalIsExact: true,
  offset: 0,
  all: 40,
  nextCursor: null,
  previousCursor: null,
  ...change,
});

describe("the pages beside a page", () => {
  it("are none at the ends of the list", () => {
    expect(olderPage(page())).toBeUndefined();
    expect(newerPage(page())).toBeUndefined();
  });

  it("are asked for by their cursors, and the newest one without", () => {
    expect(olderPage(page({ nextCursor: "n" }))).toEqual({ before: "n" });
    expect(newerPage(page({ previousCursor: "p", offset: rowsPerPage }))).toBeNull();
    expect(newerPage(page({ previousCursor: "p", offset: rowsPerPage + 1 }))).toEqual({ newer: "p" });
  });
});

describe("a step from an entry", () => {
  const beside = { previous: 19, next: 21 };

  it("goes through the list as it is filtered, not through the whole log", () => {
    expect(stepFrom(page(), 20, 1, beside)).toEqual({ entry: 10 });
    expect(stepFrom(page(), 20, -1, beside)).toEqual({ entry: 30 });
  });

  it("goes over the edge of a page, and ends where the list ends", () => {
    expect(stepFrom(page({ nextCursor: "n" }), 10, 1, beside)).toEqual({
      cursor: { before: "n" },
      take: "first",
    });
    expect(stepFrom(page({ previousCursor: "p", offset: 300 }), 30, -1, beside)).toEqual({
      cursor: { newer: "p" },
      take: "last",
    });
    expect(stepFrom(page(), 10, 1, beside)).toBeNull();
    expect(stepFrom(page(), 30, -1, beside)).toBeNull();
  });

  it("goes to the neighbours in the log from an entry that isn't in the list", () => {
    expect(stepFrom(page(), 25, 1, { previous: 24, next: 26 })).toEqual({ entry: 24 });
    expect(stepFrom(page(), 25, -1, { previous: 24, next: null })).toBeNull();
    expect(stepFrom(undefined, 25, -1, { previous: 24, next: 26 })).toEqual({ entry: 26 });
    expect(stepFrom(undefined, 25, -1, undefined)).toBeNull();
  });
});
