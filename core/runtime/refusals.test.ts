import { expect, it } from "vitest";
import { z } from "zod";
import { noSuch } from "#core/kernel/errors.ts";
import { createLogger } from "#core/kernel/logger.ts";
import { defineOperation, type Person } from "#core/kernel/operation.ts";
import { createExecute } from "./execute.ts";
import { createFailureLog } from "./failure-log.ts";

const nobodyMuch: Person = {
  kind: "person",
  userId: "u-1",
  name: "mallory",
  role: "none",
  grants: [],
  sessionId: "1",
  signedInWith: "password",
};

/** Its target is found at once or thrown at once, without a promise, as comparisons' are. */
const look = defineOperation({
  name: "things.get",
  input: z.object({ id: z.string() }),
  output: z.object({}),
  permission: "snapshot.read",
  audit: "none",
  auditAction: "thing.get",
  target: (_context: unknown, { id }) => {
    if (id !== "there") throw noSuch("thing");
    return { kind: "thing", id, label: id, places: [] };
  },
  run: async () => ({}),
});

it("who may nowhere is told the same of what is there and of what isn't, and both are written down", async () => {
  const written: unknown[] = [];
  const execute = createExecute({
    db: { prisma: null } as never,
    audit: { write: async (_subject: unknown, outcome: string) => written.push(outcome) } as never,
    log: createLogger("silent"),
    logFailure: createFailureLog(createLogger("silent")),
  });
  const request = { requestId: "req-1", address: "10.0.0.1", userAgent: null, door: "route" as const };
  const ask = (id: string) => execute(look, nobodyMuch, { id }, request);
  for (const id of ["there", "gone"]) await expect(ask(id)).rejects.toMatchObject({ code: "forbidden" });
  expect(written).toEqual(["denied", "denied"]);
});
