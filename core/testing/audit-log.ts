import Sqlite from "better-sqlite3";
import {
  type Columns,
  canonicalOf,
  chainHash,
  createSeals,
  hashedColumns,
  toFields,
} from "#core/audit/canonical.ts";
import { firstPreviousHash } from "#core/audit/contract.ts";
import { toStoredTime } from "#core/audit/rows.ts";

export const testChainKey = "a key for tests and benchmarks, and for nothing else";

const minuteMs = 60_000;
const base32 = "0123456789abcdefghjkmnpqrstvwxyz";

/** Numbers that look random and are the same in every run. */
function createDice(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    next,
    pick: <T>(list: readonly [T, ...T[]]): T => list[Math.floor(next() * list.length)] ?? list[0],
    id: (prefix: string) =>
      `${prefix}-${Array.from({ length: 12 }, () => base32[Math.floor(next() * 32)]).join("")}`,
  };
}

const people: [string, ...string[]] = [
  "ops-primary",
  "ops-second",
  "night-shift",
  "read-only",
  "ada",
  "grace",
  "linus",
];
const acts: [readonly [string, number], ...(readonly [string, number])[]] = [
  ["snapshot.take", 0.42],
  ["session.sign_in", 0.16],
  ["snapshot.verify", 0.14],
  ["snapshot.download", 0.08],
  ["snapshot.compare", 0.06],
  ["snapshot.pin", 0.05],
  ["snapshot.values", 0.04],
  ["secret.reveal", 0.02],
  ["cluster.update", 0.015],
  ["token.create", 0.01],
  ["snapshot.delete", 0.004],
  ["restore.run", 0.001],
];
/** Which act a number from 0 to 1 stands for, by the shares. */
function actAt(share: number): string {
  let left = share;
  for (const [action, part] of acts) {
    left -= part;
    if (left < 0) return action;
  }
  return acts[0][0];
}

const datacenters: [string, ...string[]] = ["dc1", "eu-west", "stg", "us-east"];

/** A log as a busy installation writes it, from `fromMs` on: scheduled takes, people, programs, refusals. */
export function* plausibleRows(count: number, fromMs: number, seed = 7): Generator<Columns> {
  const dice = createDice(seed);
  let atMs = fromMs;
  let snapshot = dice.id("s");
  for (let entry = 1; entry <= count; entry += 1) {
    atMs += Math.floor(dice.next() * minuteMs);
    const action = actAt(dice.next());
    const byItself = (action === "snapshot.take" || action === "snapshot.verify") && dice.next() < 0.85;
    const program = !byItself && dice.next() < 0.15;
    const luck = dice.next();
    const outcome =
      luck < 0.93
        ? "ok"
        : luck < 0.97
          ? "failed"
          : luck < 0.998
            ? "denied"
            : luck < 0.9995
              ? "intent"
              : "unknown";
    const datacenter = dice.pick(datacenters);
    if (action === "snapshot.take") snapshot = dice.id("s");
    const actorName = byItself ? "scheduler" : program ? "api:ci-deploy" : dice.pick(people);
    yield {
      entry,
      at: toStoredTime(new Date(atMs)),
      actorKind: byItself ? "system" : program ? "token" : "person",
      actorId: byItself ? null : `u-${actorName}`,
      actorName,
      role: byItself ? "system" : "operator",
      signedInWith: byItself || program ? null : "password and code",
      address: byItself
        ? "local"
        : `10.${Math.floor(dice.next() * 60)}.${Math.floor(dice.next() * 9)}.${Math.floor(dice.next() * 250)}`,
      userAgent: byItself ? null : "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
      door: byItself ? "system" : program ? "route" : "action",
      action,
      target: action.startsWith("session") ? "password" : `${datacenter}, ${snapshot}`,
      targetId: action.startsWith("snapshot") ? snapshot : null,
      snapshotId: action === "restore.run" ? snapshot : null,
      clusterId: "c-4h2p7d6xk9qw",
      datacenter,
      reason:
        action === "secret.reveal" || action === "restore.run"
          ? `CHG-${Math.floor(dice.next() * 9_000)}`
          : null,
      outcome,
      detail:
        outcome === "failed"
          ? "No cluster leader"
          : outcome === "denied"
            ? "Needs the role restorer."
            : "209.9 MB",
      changesJson:
        action === "cluster.update"
          ? '{"before":{"objectiveMinutes":60},"after":{"objectiveMinutes":120}}'
          : null,
      requestId: dice.id("req"),
      correlationId: dice.id("x"),
    };
  }
}

/** Fills an empty log of a closed database with a chain of these rows, and puts down the head. */
export function fillLog(file: string, rows: Iterable<Columns>, chainKey = testChainKey): void {
  const seals = createSeals(chainKey);
  const db = new Sqlite(file);
  db.pragma("synchronous = OFF");
  const columns = [...hashedColumns, "hash", "seal"];
  const insert = db.prepare(
    `INSERT INTO "AuditEntry" (${columns.map((name) => `"${name}"`).join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  let hash: string = firstPreviousHash;
  let entry = 0;
  let open = 0;
  db.exec("BEGIN");
  for (const row of rows) {
    const fields = toFields(row);
    entry = row.entry;
    hash = chainHash(hash, canonicalOf(fields));
    insert.run(...fields.slice(1), hash, seals.row(entry, hash));
    open += 1;
    if (open % 20_000 === 0) db.exec("COMMIT; BEGIN");
  }
  db.prepare(`INSERT INTO "AuditHead" ("id", "entry", "hash", "seal") VALUES (1, ?, ?, ?)`).run(
    entry,
    hash,
    seals.head(entry, hash),
  );
  db.exec("COMMIT");
  db.close();
}
