import { AsyncResource } from "node:async_hooks";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { migrationsFolder } from "#core/testing/runtime.ts";
import { type Database, openDatabase } from "./database.ts";

let folder: string;
let db: Database;

beforeAll(async () => {
  folder = makeTempFolder("snapkeep-gate-");
  db = await openDatabase({ file: path.join(folder, "snapkeep.db"), migrationsFolder });
});
afterAll(async () => {
  await db?.close();
  removeTempFolder(folder);
});

const stored = async (prefix: string) => {
  const rows = await db.prisma.setting.findMany({
    where: { key: { startsWith: prefix } },
    orderBy: { key: "asc" },
  });
  return rows.map((row) => row.key);
};
const add = (key: string) => db.prisma.setting.create({ data: { key, value: "1" } });

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Lets whatever could run now do so. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await nextTurn();
}

describe("a statement from outside, while a transaction is open", () => {
  it("is not rolled back with it", async () => {
    const begin = deferred();
    const fail = deferred();
    const transaction = db.transaction(async (tx) => {
      await tx.setting.create({ data: { key: "a-inside", value: "1" } });
      begin.resolve();
      await fail.promise;
      throw new Error("on purpose");
    });
    transaction.catch(() => undefined);
    await begin.promise;
    const outside = add("a-outside");
    await turns(20);
    fail.resolve();
    await expect(transaction).rejects.toThrow("on purpose");
    await outside;
    expect(await stored("a-")).toEqual(["a-outside"]);
  });

  it("doesn't see what isn't committed", async () => {
    const begin = deferred();
    const end = deferred();
    const transaction = db.transaction(async (tx) => {
      await tx.setting.create({ data: { key: "b-inside", value: "1" } });
      begin.resolve();
      await end.promise;
      await tx.setting.delete({ where: { key: "b-inside" } });
    });
    await begin.promise;
    const seen = stored("b-");
    await turns(20);
    end.resolve();
    await transaction;
    expect(await seen).toEqual([]);
  });
});

describe("within a transaction", () => {
  it("the plain client reads what the transaction wrote, and doesn't wait for it to end", async () => {
    const seen = await db.transaction(async (tx) => {
      await tx.setting.create({ data: { key: "c-inside", value: "1" } });
      const many = await stored("c-");
      const one = await db.prisma.setting.findUnique({ where: { key: "c-inside" } });
      return [...many, one?.key];
    });
    expect(seen).toEqual(["c-inside", "c-inside"]);
  });

  it("a write of the plain client is rolled back with it", async () => {
    const work = db.transaction(async () => {
      await add("d-inside");
      throw new Error("on purpose");
    });
    await expect(work).rejects.toThrow("on purpose");
    expect(await stored("d-")).toEqual([]);
  });

  it("the plain client finds a row, also while somebody outside looks for another in the same moment", async () => {
    await add("e-1");
    await add("e-2");
    const find = (key: string) =>
      db.prisma.setting.findUnique({ where: { key } }).then((row) => row?.key ?? null);
    const outside: Promise<string | null>[] = [];
    // Prisma gathers the finds of one turn of the loop into one statement, whoever asked for them.
    const somebody = AsyncResource.bind(() => void outside.push(find("e-2")));
    const inside = await db.transaction(async () => {
      somebody();
      return await find("e-1");
    });
    expect(inside).toBe("e-1");
    expect(await Promise.all(outside)).toEqual(["e-2"]);
  });

  it("another transaction begun from its own work is refused at once instead of waiting for itself", async () => {
    const work = db.transaction(() => db.transaction(() => add("f-inner")));
    await expect(work).rejects.toThrow("inside another");
    expect(await stored("f-")).toEqual([]);
  });
});

describe("200 transactions and statements at once", () => {
  it("all end, each all or nothing", async () => {
    const jobs = Array.from({ length: 200 }, (_, i) => {
      const key = `g-${String(i).padStart(3, "0")}`;
      switch (i % 5) {
        case 0:
          return add(key);
        case 1:
          return db.transaction(async (tx) => {
            await tx.setting.create({ data: { key, value: "1" } });
            await db.prisma.setting.count();
            await tx.setting.create({ data: { key: `${key}-second`, value: "1" } });
          });
        case 2:
          return db.transaction(async (tx) => {
            await tx.setting.create({ data: { key: `${key}-undone`, value: "1" } });
            await nextTurn();
            throw new Error("on purpose");
          });
        case 3:
          return db.prisma.setting.upsert({
            where: { key },
            create: { key, value: "1" },
            update: { value: "2" },
          });
        default:
          return db.prisma.setting.findUnique({ where: { key } });
      }
    });
    const ended = await Promise.allSettled(jobs);
    expect(ended.filter((one) => one.status === "rejected")).toHaveLength(40);
    const keys = await stored("g-");
    expect(keys).toHaveLength(40 + 80 + 40);
    expect(keys.filter((key) => key.endsWith("undone"))).toEqual([]);
  });
});
