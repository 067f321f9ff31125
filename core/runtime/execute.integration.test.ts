import { createServer } from "node:net";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { roles } from "#core/access/contract.ts";
import type { AuditEntry } from "#core/audit/contract.ts";
import { isAppError } from "#core/kernel/errors.ts";
import type { Caller } from "#core/kernel/operation.ts";
import { reservePorts } from "#core/testing/free-ports.ts";
import { mayRole, operationNames, operationTable } from "#core/testing/operation-table.ts";
import {
  administrator,
  type OperationName,
  personWith,
  startRuntime,
  systemCaller,
  type TestRuntime,
  testRequest,
} from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";

let snapkeep: TestRuntime;
let records: Sqlite.Database;
/** Nothing listens there. */
let deadAddress: string;
let releasePort: () => void;

beforeAll(async () => {
  const block = await reservePorts(1);
  deadAddress = `http://127.0.0.1:${block.ports[0]}`;
  releasePort = block.release;
  snapkeep = await startRuntime({ consulAddress: "" });
  records = new Sqlite(path.join(snapkeep.dataFolder, "snapkeep.db"), { timeout: 10_000 });
});
afterAll(async () => {
  records?.close();
  await snapkeep?.remove();
  releasePort?.();
});
afterEach(() => records.exec("DROP TRIGGER IF EXISTS broken"));

/** From now on the records refuse such a row, as a full disk might. */
const breakOn = (tableName: string, when = "1") =>
  records.exec(
    `CREATE TRIGGER broken BEFORE INSERT ON "${tableName}" WHEN ${when} BEGIN SELECT RAISE(ABORT, 'on purpose'); END`,
  );
const count = (tableName: string) =>
  records.prepare<[], { n: number }>(`SELECT count(*) AS n FROM "${tableName}"`).get()?.n;

type Row = Omit<AuditEntry, "at"> & { actorId: string | null };

/** What `work` gave or how it was refused, and the audit rows that it left. */
async function watch(work: () => Promise<unknown>): Promise<{ verdict: string; rows: Row[] }> {
  const before = records
    .prepare<[], { last: number | null }>(`SELECT max(entry) AS last FROM "AuditEntry"`)
    .get();
  let verdict = "ok";
  try {
    await work();
  } catch (error) {
    verdict = isAppError(error) ? error.code : `fault: ${String(error)}`;
  }
  const rows = records.prepare<[number], Row>(`SELECT * FROM "AuditEntry" WHERE entry > ? ORDER BY entry`);
  return { verdict, rows: rows.all(before?.last ?? 0) };
}

const request = testRequest();
const run = (name: OperationName, caller: Caller | null, input: unknown) =>
  watch(() => snapkeep.runtime.execute(name, caller, input, request));
const outcomes = (rows: Row[]) => rows.map((row) => row.outcome);

describe("every operation", () => {
  it("has its line in the table, and every line its operation", () => {
    const actual = Object.fromEntries(
      Object.values(snapkeep.runtime.operations).map((one) => [one.name, [one.audit, one.auditAction]]),
    );
    const wanted = Object.fromEntries(operationNames.map((name) => [name, operationTable[name].slice(0, 2)]));
    expect(actual).toEqual(wanted);
    expect(Object.keys(snapkeep.runtime.operations).sort()).toEqual([...operationNames].sort());
  });

  it.each(operationNames)("%s is refused to nobody in particular, and leaves no row", async (name) => {
    expect(await run(name, null, null)).toEqual({ verdict: "unauthenticated", rows: [] });
  });

  it.each(operationNames)(
    "%s is allowed to its roles and refused to all others, with a row",
    async (name) => {
      for (const role of [...roles, "none", "toString"]) {
        const { verdict, rows } = await run(name, personWith(role), null);
        if (mayRole(role, name)) {
          // The input is wrong on purpose: whoever may gets as far as that.
          expect(verdict, role).toBe("invalid_input");
          expect(rows, role).toEqual([]);
          continue;
        }
        expect(verdict, role).toBe("forbidden");
        const denied = { outcome: "denied", role, actorName: "ada", actorId: "u-ada" };
        expect(rows, role).toMatchObject([{ action: operationTable[name][1], ...denied }]);
      }
    },
  );
});

const cluster = (name: string, addresses = [deadAddress]) => ({ name, addresses });

describe("a change of our own records", () => {
  it("commits with one row that says who, what, from where and by which request", async () => {
    const { verdict, rows } = await run("clusters.create", administrator, cluster("audited"));
    expect(verdict).toBe("ok");
    expect(rows).toMatchObject([
      {
        actorKind: "person",
        actorId: "u-ada",
        actorName: "ada",
        role: "administrator",
        address: "127.0.0.1",
        userAgent: "vitest",
        door: "action",
        action: "cluster.add",
        target: "audited",
        outcome: "ok",
        requestId: request.requestId,
      },
    ]);
    expect(rows[0]?.correlationId).toMatch(/^x-/);
  });

  it("is not made when its row can't be written", async () => {
    breakOn("AuditEntry", "NEW.outcome = 'ok'");
    const before = count("Cluster");
    const { verdict, rows } = await run("clusters.create", administrator, cluster("without-a-row"));
    expect(verdict).toBe("internal");
    expect(count("Cluster")).toBe(before);
    expect(outcomes(rows)).toEqual(["failed"]);
  });

  it("that fails leaves no ok row, but one that says that it failed", async () => {
    breakOn("Cluster");
    const { verdict, rows } = await run("clusters.create", administrator, cluster("broken"));
    expect(verdict).toBe("internal");
    expect(rows).toMatchObject([{ outcome: "failed", target: "broken", action: "cluster.add" }]);
  });

  it("that is refused half-way says why, with the words of the refusal", async () => {
    await run("clusters.create", administrator, cluster("twice"));
    const { verdict, rows } = await run("clusters.create", administrator, cluster("twice"));
    expect(verdict).toBe("conflict");
    expect(rows).toMatchObject([{ outcome: "failed", detail: "There is already a cluster named twice." }]);
  });
});

describe("an act on the outside", () => {
  it("has an intent row before and an outcome row after, joined by their correlation id", async () => {
    const { verdict, rows } = await run("clusters.test", administrator, cluster("tested"));
    expect(verdict).toBe("ok");
    expect(outcomes(rows)).toEqual(["intent", "ok"]);
    expect(new Set(rows.map((row) => row.correlationId)).size).toBe(1);
  });

  it("is not done when its intent can't be written", async () => {
    let connections = 0;
    const listener = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    const block = await reservePorts(1);
    await new Promise<void>((resolve) => listener.listen(block.ports[0], "127.0.0.1", resolve));
    const input = cluster("untested", [`http://127.0.0.1:${block.ports[0]}`]);
    breakOn("AuditEntry", "NEW.outcome = 'intent'");
    const { verdict } = await run("clusters.test", administrator, input);
    expect(verdict).toBe("internal");
    expect(connections).toBe(0);
    records.exec("DROP TRIGGER broken");
    await run("clusters.test", administrator, input);
    expect(connections).toBeGreaterThan(0);
    await new Promise((resolve) => listener.close(resolve));
    block.release();
  });

  it("that fails has its intent and its failure", async () => {
    const { id } = await snapkeep.execute("clusters.create", cluster("for-acts"));
    const taken = await snapkeep.execute("snapshots.take", { clusterId: id, datacenter: "dc1" });
    await snapkeep.waitForSnapshot(taken.id);
    const { verdict, rows } = await run("snapshots.cancel", administrator, taken);
    expect(verdict).toBe("conflict");
    expect(outcomes(rows)).toEqual(["intent", "failed"]);
  });
});

describe("a long act", () => {
  it("has its intent as soon as it is begun, and its outcome once it has ended", async () => {
    const { id: clusterId } = await snapkeep.execute("clusters.create", cluster("for-long-acts"));
    const { verdict, rows } = await run("snapshots.take", administrator, { clusterId, datacenter: "dc1" });
    expect(verdict).toBe("ok");
    expect(rows[0]).toMatchObject({
      action: "snapshot.take",
      outcome: "intent",
      target: "dc1 in for-long-acts",
    });
    const correlated = records.prepare<[string], Row>(
      `SELECT * FROM "AuditEntry" WHERE correlationId = ? ORDER BY entry`,
    );
    const both = await waitFor("the outcome row", async () => {
      const found = correlated.all(rows[0]?.correlationId ?? "");
      return found.length > 1 ? found : null;
    });
    expect(outcomes(both)).toEqual(["intent", "failed"]);
    expect(both[1]?.detail).toBe(`${deadAddress} can't be reached: connection refused.`);
  });

  it("isn't begun when its intent can't be written: no snapshot, no ticket", async () => {
    const { id: clusterId } = await snapkeep.execute("clusters.create", cluster("without-intent"));
    breakOn("AuditEntry", "NEW.outcome = 'intent'");
    const [snapshots, tickets] = [count("Snapshot"), count("Ticket")];
    const take = await run("snapshots.take", administrator, { clusterId, datacenter: "dc1" });
    const upload = await run("snapshots.beginUpload", administrator, { fileName: "a.snap", bytes: 10 });
    expect([take.verdict, upload.verdict]).toEqual(["internal", "internal"]);
    expect([outcomes(take.rows), outcomes(upload.rows)]).toEqual([["failed"], ["failed"]]);
    expect([count("Snapshot"), count("Ticket")]).toEqual([snapshots, tickets]);
  });

  it("that only a person may begin is denied to Snapkeep itself, with one row", async () => {
    const input = { fileName: "a.snap", bytes: 10 };
    const { verdict, rows } = await run("snapshots.beginUpload", systemCaller, input);
    expect(verdict).toBe("forbidden");
    expect(rows).toMatchObject([
      { outcome: "denied", actorKind: "system", actorName: "test", role: "system" },
    ]);
    expect((await run("snapshots.beginUpload", administrator, input)).verdict).toBe("ok");
  });
});

it("reading leaves no row", async () => {
  for (const name of [
    "clusters.list",
    "snapshots.list",
    "snapshots.summary",
    "restores.list",
    "audit.list",
  ] as const) {
    expect(await run(name, administrator, {})).toEqual({ verdict: "ok", rows: [] });
  }
});

it("a wrong input names its field and leaves no row", async () => {
  const input = { name: "no spaces allowed", addresses: [deadAddress] };
  const { verdict, rows } = await run("clusters.create", administrator, input);
  expect(verdict).toBe("invalid_input");
  expect(rows).toEqual([]);
  const work = snapkeep.runtime.execute("clusters.create", administrator, input, request);
  await expect(work).rejects.toMatchObject({
    field: "name",
    userMessage: "Letters, digits, dot, dash and underscore",
  });
});
