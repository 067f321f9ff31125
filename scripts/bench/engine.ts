// Reads archives in a process of its own, as the command does: start-up and warming up count. The first argument
// says what for: verify, inspect, compare, or keys, which also measures how quickly a prefix opens.
import { createReadStream } from "node:fs";
import { compareArchives } from "#core/archive/compare/index.ts";
import { createContentsIndexWriter, openContentsIndex } from "#core/archive/contents-index/index.ts";
import { inspectArchive, verifyArchive } from "#core/archive/index.ts";

const open = (file: string) => createReadStream(file, { highWaterMark: 1024 * 1024 });
const [task = "verify", first = "", second = ""] = process.argv.slice(2);

async function verify() {
  const report = await verifyArchive(open(first));
  const { ok, findings, stateBytes, archiveBytes } = report;
  return { ok, findings, stateBytes, archiveBytes };
}

async function inspect() {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const { report, inspection } = await inspectArchive(open(first));
  const cpu = process.cpuUsage(cpuBefore);
  return {
    ok: report.ok,
    findings: report.findings,
    records: report.records.total,
    keys: inspection.kv.count,
    insideMs: performance.now() - startedAt,
    cpuMs: (cpu.user + cpu.system) / 1_000,
  };
}

async function compare() {
  let differences = 0;
  const result = await compareArchives(
    () => open(first),
    () => open(second),
    {
      onDifference: () => {
        differences += 1;
      },
    },
  );
  return {
    ok: result.outcome === "compared",
    findings: result.reports.map((one) => one.findings),
    differences,
  };
}

/** Opens prefixes of an index in a random order, each with nothing in memory but the directory. */
async function keys() {
  const pieces: Uint8Array[] = [];
  const writer = createContentsIndexWriter({ onBytes: (bytes) => pieces.push(bytes), seal: () => "" });
  const report = await verifyArchive(open(first), { visitor: writer });
  writer.finish({ stateSha256: report.digests.stateSha256 ?? "", lastIndex: report.lastIndex ?? 0 });
  const index = Buffer.concat(pieces);
  const read = async (offset: number, length: number) => index.subarray(offset, offset + length);
  const prefixes = second.split(",");
  const times: number[] = [];
  for (const prefix of prefixes) {
    const { kv } = await openContentsIndex({ bytes: index.length, read });
    const startedAt = performance.now();
    await kv.children(prefix, { limit: 200 });
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)];
  return { ok: report.ok, findings: report.findings, indexBytes: index.length, p50Ms: at(0.5), maxMs: at(1) };
}

const tasks: Record<string, () => Promise<object>> = { verify, inspect, compare, keys };
const answer = await tasks[task]?.();
process.stdout.write(JSON.stringify({ ...answer, peakBytes: process.resourceUsage().maxRSS * 1024 }));
