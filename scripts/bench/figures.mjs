import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { runNode } from "../lib/run.mjs";
import { Trouble } from "../lib/trouble.mjs";
import { curl, settleDisk, startBareServer, timed } from "./commands.mjs";
import { formatSeconds, median, toFigure } from "./statistics.mjs";

/**
 * Runs every side once per round and turns the order round each time, so that whoever comes first pays for it
 * as often as anybody else. Answers with one list of results per side.
 */
export async function alternate(runs, sides, step) {
  const results = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < runs; round++) {
    const order = Object.keys(sides);
    for (const name of round % 2 === 0 ? order : order.reverse()) {
      step.detail(`round ${round + 1} of ${runs}, ${name}`);
      await settleDisk();
      results[name].push(await sides[name]());
    }
  }
  return results;
}

const msOf = (results) => results.map(({ ms }) => ms);

/** Fetch, verify, store and fsync, against what the same bytes cost without any of it. */
export async function measureTake({ stage, runs, folder, consulBinary }, step) {
  const file = path.join(folder, "rival.snap");
  const results = await alternate(
    runs,
    {
      snapkeep: async () => {
        const done = await stage.take();
        await stage.remove(done.row.id);
        return done;
      },
      curl: async () => {
        const done = await curl("-o", file, `${stage.consul.address}/v1/snapshot`);
        rmSync(file);
        return done;
      },
      "consul snapshot save": async () => {
        const env = { CONSUL_HTTP_ADDR: stage.consul.address };
        const done = await timed(consulBinary, ["snapshot", "save", file], { env });
        rmSync(file);
        return done;
      },
    },
    step,
  );
  const { snapkeep, curl: plain, "consul snapshot save": save } = results;
  const afterLastByte = formatSeconds(snapkeep.map((done) => done.afterLastByteMs));
  const afterFirstByte = formatSeconds(snapkeep.map((done) => done.ms - done.firstByteMs));
  const curlAfterFirstByte = formatSeconds(plain.map((done) => done.ms - done.firstByteMs));
  const note =
    `Until its first byte Consul took ${formatSeconds(snapkeep.map((done) => done.firstByteMs))} for us and ` +
    `${formatSeconds(plain.map((done) => done.firstByteMs))} for curl; what came after took us ${afterFirstByte}, ` +
    `of it ${afterLastByte} after Consul's last byte, and curl ${curlAfterFirstByte}.`;
  return [
    toFigure({
      name: "take",
      ours: msOf(snapkeep),
      against: "curl -o",
      rival: msOf(plain),
      target: 1.05,
      note,
    }),
    toFigure({
      name: "take",
      ours: msOf(snapkeep),
      against: "consul snapshot save",
      rival: msOf(save),
      target: 0.75,
    }),
  ];
}

/** Both sides as whole processes on a file that is in the page cache. */
export async function measureVerify({ file, runs, verifier }, step) {
  await timed("gzip", ["-t", file]);
  const results = await alternate(
    runs,
    {
      snapkeep: () => verifyFile(verifier, file),
      gzip: () => timed("gzip", ["-t", file]),
    },
    step,
  );
  const rates = results.snapkeep.map(({ ms, stateBytes }) => stateBytes / ms / 1_000);
  const note = `Verifying reads ${median(rates).toFixed(0)} MB of state per second.`;
  const { snapkeep, gzip } = results;
  return [
    toFigure({
      name: "verify",
      ours: msOf(snapkeep),
      against: "gzip -t",
      rival: msOf(gzip),
      target: 0.6,
      note,
    }),
  ];
}

/** Verifies in a process of its own; its peak of memory is in the answer. */
export async function verifyFile(verifier, file) {
  const startedAt = performance.now();
  const { output } = await runNode([verifier, file], { env: { NODE_ENV: "production" } });
  const ms = performance.now() - startedAt;
  const report = JSON.parse(output);
  if (!report.ok) throw new Trouble(`The archive does not verify: ${JSON.stringify(report.findings)}`);
  return { ms, ...report };
}

/** A stored archive with session, ticket, headers and audit row, against a server that does nothing else. */
export async function measureDownload({ stage, id, runs }, step) {
  const bare = await startBareServer(stage.archiveFile(id));
  const sink = ["--output", "/dev/null"];
  const snapkeep = async () =>
    curl(...sink, "--header", `Cookie: ${stage.cookie}`, await stage.downloadUrl(id));
  const rival = () => curl(...sink, bare.url);
  try {
    await rival();
    await snapkeep();
    const results = await alternate(runs, { snapkeep, rival }, step);
    return [
      toFigure({
        name: "download",
        ours: msOf(results.snapkeep),
        against: "bare node:http",
        rival: msOf(results.rival),
        // Speeds are the other way round: 0.9 of the speed is 1 / 0.9 of the time.
        target: 1 / 0.9,
        note: "A download at 0.9 of the rival's speed takes 1.11 of its time.",
      }),
    ];
  } finally {
    await bare.stop();
  }
}

/** Sends an archive to Snapkeep as a browser does; answers once it is verified and stored. */
export async function upload(stage, file) {
  const { url, id } = await stage.uploadTarget(file);
  const headers = [`Cookie: ${stage.cookie}`, `Origin: ${stage.url}`].flatMap((line) => ["--header", line]);
  const done = await curl("--output", "/dev/null", "--upload-file", file, ...headers, url);
  if (!existsSync(stage.archiveFile(id))) throw new Trouble("The upload was not stored.");
  return { ...done, id };
}

/** What is looked at before a restore, against one take and one comparison of two stored snapshots. */
export async function measurePreflight({ stage, a, b, runs }, step) {
  const results = await alternate(
    runs,
    {
      preflight: () => stage.preflight(a),
      rival: async () => {
        const taken = await stage.take();
        await stage.remove(taken.row.id);
        // Two snapshots that were compared before would be answered from memory.
        const other = await stage.take();
        const compared = await stage.compare(b, other.row.id);
        await stage.remove(other.row.id);
        return { ms: taken.ms + compared.ms };
      },
    },
    step,
  );
  return [
    toFigure({
      name: "preflight and impact",
      ours: msOf(results.preflight),
      against: "one take and one comparison",
      rival: msOf(results.rival),
      target: 1.3,
    }),
  ];
}

/** The restore itself, against Consul's own command and against sending the same file with curl. */
export async function measureRestore({ stage, id, runs, consulBinary }, step) {
  const file = stage.archiveFile(id);
  const env = { CONSUL_HTTP_ADDR: stage.consul.address };
  /** Ours comes after a look for which Consul wrote a snapshot; the rivals find the server as it leaves it. */
  const afterLook = async (work) => {
    await stage.preflight(id);
    await settleDisk();
    return work();
  };
  const sides = {
    restore: () => stage.restore(id),
    "consul snapshot restore": () =>
      afterLook(() => timed(consulBinary, ["snapshot", "restore", file], { env })),
    "curl -T": () => afterLook(() => sendPlainly(stage, file)),
  };
  const { restore, "consul snapshot restore": own, "curl -T": plain } = await alternate(runs, sides, step);
  const whole = formatSeconds(restore.map(({ allMs }) => allMs));
  return [
    toFigure({
      name: "restore",
      ours: msOf(restore),
      against: "consul snapshot restore",
      rival: msOf(own),
      target: 1.1,
      note: `With the look at the target before and the comparison of a fresh snapshot after, it took ${whole}.`,
    }),
    toFigure({
      name: "restore",
      ours: msOf(restore),
      against: "curl -T to Consul",
      rival: msOf(plain),
      target: 1.1,
    }),
  ];
}

const sendPlainly = (stage, file) =>
  curl("--output", "/dev/null", "--upload-file", file, `${stage.consul.address}/v1/snapshot`);

/** An upload, against sending the same file straight to Consul. */
export async function measureUpload({ stage, id, runs }, step) {
  const file = stage.archiveFile(id);
  const sides = {
    rival: () => sendPlainly(stage, file),
    upload: async () => {
      const done = await upload(stage, file);
      await stage.remove(done.id);
      return done;
    },
  };
  const results = await alternate(runs, sides, step);
  return [
    toFigure({
      name: "upload",
      ours: msOf(results.upload),
      against: "curl -T to Consul",
      rival: msOf(results.rival),
      target: 1.1,
    }),
  ];
}
