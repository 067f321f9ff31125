import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillLog, plausibleRows, testChainKey } from "#core/testing/audit-log.ts";
import { type AuditRoom, actOf, openAuditRoom } from "#core/testing/audit-room.ts";
import { type Columns, createSeals } from "./canonical.ts";
import { type AuditEntry, type AuditListInput, auditFilter, auditListInput } from "./contract.ts";
import { type Sql, toCursorText, toPhrases } from "./filter-sql.ts";
import { createReads } from "./reads.ts";
import { toIso } from "./rows.ts";
import { createAuditStore } from "./store.ts";

let room: AuditRoom;
const count = 13_000;
const fromMs = Date.UTC(2026, 0, 1);
const rows: Columns[] = [];

beforeAll(async () => {
  room = await openAuditRoom();
  rows.push(...plausibleRows(count, fromMs));
  // The clock is set back for a while in the middle of the log; and some rows share a moment.
  for (const row of rows.slice(6_000, 6_050)) row.at = "2026-01-02T00:00:00.000+00:00";
  fillLog(room.file, rows);
});
afterAll(() => room.close());

const list = (input: AuditListInput) => room.audit.list(auditListInput.parse(input));

/** Every page from the first to the last, and back again. */
async function walkAll(filter: AuditListInput): Promise<number[]> {
  const limit = 200;
  const found: AuditEntry[] = [];
  let page = await list({ ...filter, limit });
  for (;;) {
    expect(page.offset).toBeLessThanOrEqual(found.length);
    found.push(...page.rows);
    if (page.nextCursor === null) break;
    const next = await list({ ...filter, limit, before: page.nextCursor });
    const back = await list({ ...filter, limit, newer: next.previousCursor ?? "none" });
    expect(back.rows.map((row) => row.entry)).toEqual(page.rows.map((row) => row.entry));
    page = next;
  }
  return found.map((row) => row.entry);
}

type Test = (row: Columns) => boolean;
const newestFirst = (a: Columns, b: Columns) =>
  (a.at ?? "") < (b.at ?? "") ? 1 : a.at === b.at ? b.entry - a.entry : -1;
const by = (test: Test) => rows.filter(test).sort(newestFirst);
const words = (row: Columns) =>
  [
    row.target,
    row.targetId,
    row.snapshotId,
    row.actorName,
    row.address,
    row.requestId,
    row.reason,
    row.detail,
  ].map((text) => ` ${(text ?? "").toLowerCase().replace(/[^a-z0-9]+/g, " ")}`);
const says = (text: string) => (row: Columns) => words(row).some((one) => one.includes(` ${text}`));
const at = (day: number) => new Date(fromMs + day * 86_400_000).toISOString();
const within =
  (from: number, to: number): Test =>
  (row) =>
    toIso(row.at ?? "") >= at(from) && toIso(row.at ?? "") < at(to);

const cases: [string, AuditListInput, Test][] = [
  ["nothing", {}, () => true],
  ["an action", { action: "snapshot.pin" }, (row) => row.action === "snapshot.pin"],
  ["a beginning", { action: "session." }, (row) => row.action === "session.sign_in"],
  ["a beginning of many", { action: "snapshot." }, (row) => row.action?.startsWith("snapshot.") === true],
  ["a beginning that none has", { action: "schedule." }, () => false],
  ["an action that is no beginning", { action: "snapshot" }, () => false],
  ["an outcome", { outcome: "denied" }, (row) => row.outcome === "denied"],
  ["an actor", { actor: "grace" }, (row) => row.actorName === "grace"],
  ["a time", { from: at(1), to: at(2) }, within(1, 2)],
  ["a time before all", { to: at(-1) }, () => false],
  [
    "action, outcome and time",
    { action: "snapshot.", outcome: "failed", from: at(1), to: at(3) },
    (row) => row.action?.startsWith("snapshot.") === true && row.outcome === "failed" && within(1, 3)(row),
  ],
  [
    "actor and outcome",
    { actor: "scheduler", outcome: "ok" },
    (row) => row.actorName === "scheduler" && row.outcome === "ok",
  ],
];

describe("pages of a filter, forth and back, hold each row once, newest first, also where the clock was set back:", () => {
  it.each(cases)("%s", async (_name, filter, test) => {
    const wanted = by(test).map((row) => row.entry);
    expect(await walkAll(filter)).toEqual(wanted);
  });
});

const byText: [string, AuditListInput, Test][] = [
  ["a word of many rows", { q: "dc1" }, says("dc1 ")],
  ["a phrase", { q: "No cluster leader" }, says("no cluster leader")],
  ["a beginning", { q: "chg-7" }, says("chg 7 ")],
  ["an actor", { q: "OPS-primary" }, says("ops primary")],
  [
    "a word and an action",
    { q: "dc1", action: "snapshot.download" },
    (row) => says("dc1 ")(row) && row.action === "snapshot.download",
  ],
  [
    "a word and an outcome",
    { q: "stg", outcome: "unknown" },
    (row) => says("stg ")(row) && row.outcome === "unknown",
  ],
  [
    "a word of most rows and an action",
    { q: "s", action: "snapshot.pin" },
    (row) => says("s ")(row) && row.action === "snapshot.pin",
  ],
  [
    "a word and a time",
    { q: "eu-west", from: at(2), to: at(4) },
    (row) => says("eu west ")(row) && within(2, 4)(row),
  ],
  ["nothing that is there", { q: "zzz-nothing" }, () => false],
  ["signs alone", { q: `"*-` }, () => false],
  ["what the search language would take for its own", { q: `dc1" OR "stg` }, () => false],
];

describe("pages of a text, forth and back, hold each row once, in the order of writing:", () => {
  it.each(byText)("%s", async (_name, filter, test) => {
    const wanted = rows.filter((row) => test({ ...row, target: `${row.target} ` })).map((row) => row.entry);
    expect(await walkAll(filter)).toEqual(wanted.reverse());
  });

  it("find a row by its address, its request, its snapshot and the beginning of these", async () => {
    const row = rows.find((one) => one.address !== "local" && one.targetId !== null) ?? rows[0];
    for (const q of [row?.address, row?.requestId, row?.targetId, row?.requestId?.slice(0, 8)]) {
      const found = await list({ q: q ?? "" });
      expect(
        found.rows.map((one) => one.entry),
        String(q),
      ).toContain(row?.entry);
    }
  });
});

describe("numbers of a page", () => {
  it("are exact up to ten thousand, and say when they are not", async () => {
    const all = await list({ limit: 50 });
    expect(all).toMatchObject({
      total: 10_000,
      totalIsExact: false,
      offset: 0,
      all: count,
      previousCursor: null,
    });
    const denied = by((row) => row.outcome === "denied").length;
    const first = await list({ outcome: "denied", limit: 50 });
    expect(first).toMatchObject({ total: denied, totalIsExact: true, offset: 0 });
    const second = await list({ outcome: "denied", limit: 50, before: first.nextCursor ?? "" });
    expect(second).toMatchObject({ total: denied, offset: 50 });
  });

  it("never claim more than was found, and only a whole count is called exact", async () => {
    for (const [, filter, test] of [...cases, ...byText]) {
      const page = await list(filter);
      const real = rows.filter((row) => test({ ...row, target: `${row.target} ` })).length;
      expect(page.total).toBeLessThanOrEqual(real);
      if (page.totalIsExact) expect(page.total).toBe(real);
    }
  });
});

it("a cursor that isn't ours is refused, whatever it holds", async () => {
  for (const before of ["", "x", "-1", Buffer.from("2026 ' OR 1").toString("base64url")])
    await expect(list({ before })).rejects.toMatchObject({ code: "invalid_input" });
  const far = await list({ before: toCursorText({ at: "2000-01-01T00:00:00.000+00:00", entry: 1 }) });
  expect(far.rows).toEqual([]);
});

it("facets are every actor and action that there is, once, in order", async () => {
  const names = (column: "actorName" | "action") => [...new Set(rows.map((row) => row[column]))].sort();
  expect(await room.audit.facets()).toEqual({ actors: names("actorName"), actions: names("action") });
});

it("an entry comes with its neighbours, the hashes beside it and what belongs to the same act", async () => {
  const detail = await room.audit.get(77);
  expect(detail).toMatchObject({ entry: 77, neighbours: { previous: 76, next: 78 } });
  expect(detail.previousHash).toBe((await room.audit.get(76)).hash);
  expect(detail.nextHash).toBe((await room.audit.get(78)).hash);
  expect(detail.correlated.map((row) => row.entry)).toEqual([77]);
  expect(await room.audit.get(1)).toMatchObject({
    previousHash: "0".repeat(64),
    neighbours: { previous: null },
  });
  expect(await room.audit.get(count)).toMatchObject({ nextHash: null, neighbours: { next: null } });
  await expect(room.audit.get(count + 1)).rejects.toMatchObject({ code: "not_found" });
});

describe("custody", () => {
  it("lists what touched a snapshot, newest first, an intent only while its outcome is not there", async () => {
    const id = "s-custody00000";
    const target = { id, label: `dc1, ${id}` };
    const write = (action: string, outcome: "intent" | "ok" | "denied", correlationId: string) =>
      room.audit.write(actOf({ action, target, correlationId }), outcome);
    await write("snapshot.take", "intent", "x-take");
    await write("snapshot.take", "ok", "x-take");
    await write("snapshot.download", "denied", "x-no");
    await write("snapshot.values", "ok", "x-values");
    await room.audit.write(
      actOf({
        action: "restore.run",
        target: { id: "r-1", label: "dc1", snapshotId: id },
        correlationId: "x-restore",
      }),
      "intent",
    );
    const { events, more } = await room.audit.custody(id);
    expect(events.map((event) => [event.action, event.outcome])).toEqual([
      ["restore.run", "intent"],
      ["snapshot.values", "ok"],
      ["snapshot.download", "denied"],
      ["snapshot.take", "ok"],
    ]);
    expect(more).toBe(false);
    expect((await room.audit.custody("s-unknown")).events).toEqual([]);
  });
});

describe("an export", () => {
  async function collect(format: "csv" | "jsonl", filter = {}) {
    let text = "";
    for await (const piece of room.audit.export(auditFilter.parse(filter), format)) text += piece;
    return text;
  }

  it("holds every row of the filter once, with its hash, as JSON lines", async () => {
    const filter = { outcome: "ok", to: at(30) } as const;
    const lines = (await collect("jsonl", filter)).trimEnd().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as AuditEntry);
    const wanted = by((row) => row.outcome === "ok" && within(0, 30)(row));
    expect(wanted.length).toBeGreaterThan(3_000);
    expect(entries.map((row) => row.entry)).toEqual(wanted.map((row) => row.entry));
    expect(entries[0]).toEqual((await list({ ...filter, limit: 1 })).rows[0]);
  });

  it("of a text goes beyond what a page counts", async () => {
    const found = rows.filter((row) => says("s ")({ ...row, target: `${row.target} ` }));
    expect(found.length).toBeGreaterThan(10_000);
    const lines = (await collect("jsonl", { q: "s", to: at(30) })).trimEnd().split("\n");
    expect(lines).toHaveLength(found.length);
  });

  it("never lets a spreadsheet take a cell for a formula", async () => {
    const texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", 'a "quoted", one\nand a line'];
    for (const reason of texts) await room.audit.write(actOf({ reason, action: "csv.test" }), "ok");
    const text = await collect("csv", { action: "csv.test" });
    expect(text.split("\r\n")[0]).toMatch(/^entry,at,actorKind,actorId,.*,correlationId,hash$/);
    for (const cell of ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1"]) expect(text).toContain(`,${cell},`);
    expect(text).toContain('"a ""quoted"", one\nand a line"');
  });
});

it("a text becomes a phrase in which nothing is left of a search language", () => {
  expect(toPhrases("10.44.2.9")).toEqual({ whole: '"10 44 2 9"', open: null });
  expect(toPhrases("req-8f2")).toEqual({ whole: '"req 8f2"', open: '"req 8f2"*' });
  expect(toPhrases(`a" OR b* NEAR(c) \u0000 {x}:^`)).toEqual({ whole: '"a OR b NEAR c x"', open: null });
});

describe("two conditions that many rows hold each", () => {
  /** Every third row is of ada, every third failed, and none both but the very first. */
  const each = 9_000;
  let crowd: AuditRoom;
  beforeAll(async () => {
    crowd = await openAuditRoom();
    const all = [...plausibleRows(3 * each, fromMs)].map((row, at) => ({
      ...row,
      actorName: at === 0 || at % 3 === 1 ? "ada" : "grace",
      outcome: at % 3 === 0 ? "failed" : "ok",
    }));
    fillLog(crowd.file, all);
  });
  afterAll(() => crowd.close());

  it("are looked for stretch by stretch, so that nobody waits for the whole log", async () => {
    const store = createAuditStore(crowd.db, createSeals(testChainKey));
    const looked: number[] = [];
    const watched = {
      ...store,
      rows: async (query: Sql) => {
        const found = await store.rows(query);
        looked.push(found.length);
        return found;
      },
    };
    const input = auditListInput.parse({ actor: "ada", outcome: "failed" });
    const page = await createReads(watched).list(input);
    expect(page.rows.map((row) => row.entry)).toEqual([1]);
    expect(looked).toEqual([0, 0, 1]);
  });

  it("give every row once where they do meet, in both directions, over the ends of stretches", async () => {
    const listed = (more: AuditListInput) =>
      crowd.audit.list(auditListInput.parse({ actor: "grace", outcome: "ok", limit: 200, ...more }));
    const found: number[] = [];
    let page = await listed({});
    for (;;) {
      found.push(...page.rows.map((row) => row.entry));
      if (page.nextCursor === null) break;
      const next = await listed({ before: page.nextCursor });
      const back = await listed({ newer: next.previousCursor ?? "none" });
      expect(back.rows.map((row) => row.entry)).toEqual(page.rows.map((row) => row.entry));
      page = next;
    }
    const wanted = Array.from({ length: each }, (_, at) => 3 * each - 3 * at);
    expect(found).toEqual(wanted);
  });
});
