// npx tsx scripts/bench/audit.ts [entries [folder]]: pages, writing and verifying of an audit log of a million entries, beside
// the plain way to do the same in the same run. A folder that is named is filled once and kept.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { evaluate } from "#core/access/contract.ts";
import { canonicalOf } from "#core/audit/canonical.ts";
import type { AuditListInput } from "#core/audit/contract.ts";
import { auditListInput } from "#core/audit/contract.ts";
import { createAuditService } from "#core/audit/index.ts";
import { openDatabase } from "#core/db/index.ts";
import { systemClock } from "#core/kernel/clock.ts";
import { createLogger } from "#core/kernel/logger.ts";
import type { Person } from "#core/kernel/operation.ts";
import { fillLog, plausibleRows, testChainKey } from "#core/testing/audit-log.ts";
import { makeTempFolder } from "#core/testing/leftovers.ts";

const entries = Number(process.argv[2] ?? 1_000_000);
const keep = process.argv[3];
const migrationsFolder = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
const folder = keep ?? makeTempFolder("snapkeep-bench-audit-");
const file = path.join(folder, "snapkeep.db");
const fromMs = Date.UTC(2025, 0, 1);
const rounds = 20;

const fresh = !existsSync(file);
const db = await openDatabase({ file, migrationsFolder });
if (fresh) {
  await db.close();
  fillLog(file, plausibleRows(entries, fromMs));
}
const open = fresh ? await openDatabase({ file, migrationsFolder }) : db;
const log = createLogger("warn");
const audit = createAuditService({
  db: open,
  clock: systemClock,
  log,
  chainKey: testChainKey,
  folder: path.join(folder, "audit"),
});
const plain = new Sqlite(file, { readonly: true });

const percentile = (times: number[], share: number) => {
  const sorted = [...times].sort((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));
};
const summary = (times: number[]) => ({ p50: percentile(times, 0.5), p95: percentile(times, 0.95) });

async function timed(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

const at = (share: number) => new Date(fromMs + share * entries * 30_000).toISOString();
const some = plain.prepare(`SELECT "targetId", "requestId", "correlationId", "address" FROM "AuditEntry"
  WHERE "targetId" IS NOT NULL AND "address" <> 'local' AND "entry" > ? LIMIT 1`);
const sample = some.get(Math.floor(entries / 2)) as Record<string, string>;

const filters: Record<string, AuditListInput> = {
  none: {},
  "action common": { action: "snapshot.take" },
  "action rare": { action: "restore.run" },
  "action beginning": { action: "snapshot." },
  "outcome denied": { outcome: "denied" },
  "outcome ok": { outcome: "ok" },
  actor: { actor: "night-shift" },
  "time long ago": { from: at(0.05), to: at(0.06) },
  "outcome and time": { outcome: "failed", from: at(0.3), to: at(0.6) },
  "action and outcome": { action: "snapshot.download", outcome: "denied" },
  "actor and action": { actor: "grace", action: "secret.reveal" },
  "actor, action, outcome": { actor: "ada", action: "snapshot.pin", outcome: "failed" },
  "beginning and outcome": { action: "snapshot.", outcome: "denied" },
  snapshot: { targetId: sample.targetId },
  correlation: { correlationId: sample.correlationId },
  "text: snapshot id": { q: sample.targetId },
  "text: request id": { q: sample.requestId },
  "text: address": { q: sample.address },
  "text: network": { q: String(sample.address).split(".").slice(0, 3).join(".") },
  "text: common word": { q: "dc1" },
  "text: actor": { q: "ops-primary" },
  "text: detail": { q: "No cluster leader" },
  "text: nothing": { q: "zzzz-nothing" },
  "text and action": { q: "dc1", action: "snapshot.download" },
  "text and rare action": { q: "dc1", action: "restore.run" },
  "text and outcome": { q: "ops-second", outcome: "denied" },
  "text and time": { q: "eu-west", from: at(0.2), to: at(0.25) },
};

/** The plain way: every column with LIKE, pages by OFFSET, the whole counted. */
function plainPage(filter: AuditListInput, page: number): number {
  const parts: string[] = ["1"];
  const params: string[] = [];
  const add = (text: string, ...values: string[]) => {
    parts.push(text);
    params.push(...values);
  };
  if (filter.action !== undefined)
    add(`"action" LIKE ?`, filter.action.endsWith(".") ? `${filter.action}%` : filter.action);
  if (filter.outcome !== undefined) add(`"outcome" = ?`, filter.outcome);
  if (filter.actor !== undefined) add(`"actorName" = ?`, filter.actor);
  if (filter.targetId !== undefined) add(`"targetId" = ?`, filter.targetId);
  if (filter.correlationId !== undefined) add(`"correlationId" = ?`, filter.correlationId);
  if (filter.from !== undefined) add(`"at" >= ?`, filter.from.replace("Z", "+00:00"));
  if (filter.to !== undefined) add(`"at" < ?`, filter.to.replace("Z", "+00:00"));
  if (filter.q !== undefined) {
    const columns = [
      "target",
      "targetId",
      "snapshotId",
      "actorName",
      "address",
      "requestId",
      "reason",
      "detail",
    ];
    const like = `%${filter.q}%`;
    add(`(${columns.map((column) => `"${column}" LIKE ?`).join(" OR ")})`, ...columns.map(() => like));
  }
  const where = parts.join(" AND ");
  const total = plain.prepare(`SELECT count(*) AS "n" FROM "AuditEntry" WHERE ${where}`).get(...params);
  plain
    .prepare(
      `SELECT * FROM "AuditEntry" WHERE ${where} ORDER BY "at" DESC, "entry" DESC LIMIT 100 OFFSET ${page * 100}`,
    )
    .all(...params);
  return Number((total as { n: number }).n);
}

async function pages() {
  const byFilter: Record<string, { p50: number; p95: number; plainMs: number; total: number }> = {};
  const every: number[] = [];
  const rival: number[] = [];
  for (const [name, filter] of Object.entries(filters)) {
    const times: number[] = [];
    const first = await audit.list(auditListInput.parse(filter));
    const second = first.nextCursor === null ? filter : { ...filter, before: first.nextCursor };
    const back = {
      ...filter,
      newer: (await audit.list(auditListInput.parse(second))).previousCursor ?? undefined,
    };
    for (let round = 0; round < rounds; round += 1)
      for (const input of [filter, second, back])
        times.push(await timed(() => audit.list(auditListInput.parse(input))));
    const plainTimes = [await timed(() => plainPage(filter, 0)), await timed(() => plainPage(filter, 1))];
    every.push(...times);
    rival.push(...plainTimes);
    byFilter[name] = { ...summary(times), plainMs: percentile(plainTimes, 0.5), total: first.total };
  }
  return { ms: summary(every), plainMs: summary(rival), byFilter };
}

const caller: Person = {
  kind: "person",
  userId: "u-ada",
  name: "ada",
  role: "operator",
  sessionId: "session",
  signedInWith: "password",
  grants: [{ role: "operator", clusterId: "c-1", datacenter: "dc1" }],
};

async function writing() {
  const places = [{ clusterId: "c-1", datacenter: "dc1" }];
  const subject = {
    action: "snapshot.pin",
    caller,
    request: { requestId: "req-bench", address: "10.1.1.1", userAgent: "bench", door: "route" as const },
    target: { id: "s-bench", label: "bench", places },
    reason: null,
    correlationId: "x-bench",
    changes: { before: { pinned: false }, after: { pinned: true } },
  };
  const alone: number[] = [];
  const joined: number[] = [];
  for (let round = 0; round < 300; round += 1) {
    alone.push(
      await timed(async () => {
        evaluate(caller, "snapshot.pin", places);
        await audit.write(subject, "ok");
      }),
    );
    // The row of a change joins a transaction that is there anyway: only its own part counts.
    await open.transaction(async (tx) => {
      joined.push(await timed(() => audit.write(subject, "ok", null, tx)));
    });
  }
  const checks = await timed(() => {
    for (let round = 0; round < 100_000; round += 1) evaluate(caller, "snapshot.pin", places);
  });
  return {
    aloneMs: summary(alone),
    inTransactionMs: summary(joined),
    evaluateUs: Number((checks / 100).toFixed(3)),
  };
}

/** The same bytes through SHA-256 and nothing else: read by the plain driver, no chain, no seal. */
function plainHash(): number {
  const startedMs = performance.now();
  const hash = createHash("sha256");
  for (const row of plain.prepare(`SELECT * FROM "AuditEntry" ORDER BY "entry"`).raw().iterate()) {
    hash.update(canonicalOf((row as string[]).slice(0, 22)));
  }
  hash.digest();
  return (performance.now() - startedMs) / 1000;
}

async function verifying() {
  let longestMs = 0;
  let lastMs = performance.now();
  const beat = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - lastMs);
    lastMs = performance.now();
  }, 1);
  const report = await audit.verify();
  clearInterval(beat);
  return {
    state: report.state,
    entries: report.entries,
    seconds: Number((report.durationMs / 1000).toFixed(2)),
    plainSeconds: Number(plainHash().toFixed(2)),
    longestPauseMs: Math.round(longestMs),
  };
}

const openActsMs = [await timed(() => audit.openActs()), await timed(() => audit.openActs())].map(Math.round);
const facetsMs = Number((await timed(() => audit.facets())).toFixed(2));
const result = {
  entries,
  pages: await pages(),
  openActsMs,
  facetsMs,
  verify: await verifying(),
  write: await writing(),
};
console.log(JSON.stringify(result, null, 2));
plain.close();
await open.close();
