import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "#core/db/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { createSecretBox } from "#core/kernel/secret-box.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { migrationsFolder } from "#core/testing/runtime.ts";
import { createAccessStore } from "./store.ts";
import { createTicketService, type TicketKind, type TicketService } from "./tickets.ts";

let folder: string;
let db: Database;
let tickets: TicketService;
let nowMs = 1_700_000_000_000;

const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };
const build = (key: string) =>
  createTicketService({ store: createAccessStore(db), box: createSecretBox(key), clock });

beforeAll(async () => {
  folder = makeTempFolder("snapkeep-tickets-");
  db = await openDatabase({ file: path.join(folder, "snapkeep.db"), migrationsFolder });
  tickets = build("a-master-key-of-at-least-32-characters");
});
afterAll(async () => {
  await db?.close();
  removeTempFolder(folder);
});

const issue = (by = tickets) =>
  by.issue(
    { kind: "download", objectId: "s-1", userId: "u-1", correlationId: "x-1", context: { a: 1 } },
    db.prisma,
  );

async function redeem(
  text: string,
  userId = "u-1",
  kind: TicketKind = "download",
  use = true,
): Promise<string> {
  try {
    return (await tickets.redeem(kind, text, userId, use)).objectId;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
}

describe("a ticket", () => {
  it("opens its object once, and tells what it was asked for", async () => {
    const { text } = await issue();
    expect(await tickets.redeem("download", text, "u-1")).toEqual({
      objectId: "s-1",
      userId: "u-1",
      correlationId: "x-1",
      contextJson: '{"a":1}',
    });
    expect(await redeem(text)).toBe("ticket_invalid");
  });

  it("opens it for one of ten that come at once", async () => {
    const { text } = await issue();
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(text)));
    expect(answers.filter((answer) => answer === "s-1")).toHaveLength(1);
  });

  it("is looked at by a HEAD without being used up", async () => {
    const { text } = await issue();
    expect(await redeem(text, "u-1", "download", false)).toBe("s-1");
    expect(await redeem(text, "u-1", "download", false)).toBe("s-1");
    expect(await redeem(text)).toBe("s-1");
    expect(await redeem(text, "u-1", "download", false)).toBe("ticket_invalid");
  });

  it("is good for a minute", async () => {
    const [early, late] = [await issue(), await issue()];
    expect(late.expiresAt.getTime()).toBe(nowMs + 60_000);
    nowMs += 59_999;
    expect(await redeem(early.text)).toBe("s-1");
    nowMs += 1;
    expect(await redeem(late.text, "u-1", "download", false)).toBe("ticket_invalid");
    expect(await redeem(late.text)).toBe("ticket_invalid");
  });

  it("is good for nobody else, nothing else, and not with another signature", async () => {
    const { text } = await issue();
    const [id = "", signature = ""] = text.split(".");
    const foreign = await issue(build("another-master-key-of-32-characters-"));
    expect(await redeem(text, "u-2")).toBe("ticket_invalid");
    expect(await redeem(text, "u-1", "upload")).toBe("ticket_invalid");
    for (const changed of [
      id,
      `${id}.`,
      `${id}.${"0".repeat(32)}`,
      `${id}.${signature.slice(1)}`,
      `t-none.${signature}`,
      "",
      ".",
    ]) {
      expect(await redeem(changed), changed).toBe("ticket_invalid");
    }
    expect(await redeem(foreign.text)).toBe("ticket_invalid");
    expect(await redeem(text)).toBe("s-1");
  });

  it("isn't there when its transaction was rolled back", async () => {
    let text = "";
    const work = db.transaction(async (tx) => {
      ({ text } = await tickets.issue(
        { kind: "upload", objectId: "s-2", userId: "u-1", correlationId: "x-2" },
        tx,
      ));
      throw new Error("on purpose");
    });
    await expect(work).rejects.toThrow("on purpose");
    expect(await redeem(text, "u-1", "upload")).toBe("ticket_invalid");
  });

  it("is forgotten a day later; the sweep names those that nobody used", async () => {
    await db.prisma.ticket.deleteMany();
    const [used, unused] = [await issue(), await issue()];
    await redeem(used.text);
    nowMs += 24 * 3_600_000 + 60_000;
    expect(await tickets.sweep()).toEqual([]);
    nowMs += 1;
    expect((await tickets.sweep()).map((row) => row.id)).toEqual([unused.text.split(".")[0]]);
    expect(await db.prisma.ticket.count()).toBe(0);
  });
});
