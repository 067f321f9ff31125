import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { startSnapkeep } from "../lib/demo-server.mjs";
import { inRepo } from "../lib/paths.mjs";
import { nextFreePort } from "../lib/port.mjs";
import { start } from "../lib/run.mjs";
import { lastLines } from "../lib/text.mjs";
import { Trouble } from "../lib/trouble.mjs";
import { settleDisk } from "./commands.mjs";

const host = "127.0.0.1";
/** Away from the ports of the console and the demo, which may be running. */
const firstPort = 8700;

/** Resolves with the message of the child that says where its Consul is. */
function startConsul({ kind, keys }, environment) {
  const child = start(
    process.execPath,
    ["--import", "tsx", inRepo("scripts/bench/consul.ts"), kind, String(keys)],
    { ipc: true, env: environment },
  );
  return new Promise((resolve, reject) => {
    child.child.on("message", (message) => {
      if (message.kind === "ready") resolve({ ...message, stop: () => child.stop() });
      else reject(new Trouble(`The bench's Consul did not start: ${message.text}`));
    });
    void child.ended.then(({ output }) => reject(new Trouble(`The bench's Consul ended.\n${output}`)));
  });
}

/** The first sign-in; answers with the cookie that every later request carries. */
async function signIn(url, setupToken) {
  const response = await fetch(`${url}/api/v1/setup`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ setupToken, username: "bench", password: "a-password-for-one-bench" }),
  });
  if (!response.ok)
    throw new Trouble(`Signing in answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

/**
 * A Consul with a certain state and a fresh Snapkeep beside it, the built program as `npm start` runs it. Both
 * keep their data below `folder`.
 */
export async function openStage({ name, kind, keys, folder, environment }) {
  const data = path.join(folder, name);
  mkdirSync(data);
  const consul = await startConsul({ kind, keys }, environment);
  const port = await nextFreePort(firstPort, host);
  if (port === null) throw new Trouble(`No port from ${firstPort} to ${firstPort + 99} is free.`);
  const { server, setupToken } = await startSnapkeep({
    host,
    port,
    env: {
      ...environment,
      SNAPKEEP_DATA: data,
      SNAPKEEP_LOG_LEVEL: "error",
      CONSUL_HTTP_ADDR: consul.address,
    },
    preload: [inRepo("scripts/bench/inside.mjs")],
  });
  const url = `http://${host}:${port}`;
  const stage = new Stage({ consul, server, url, data, cookie: await signIn(url, setupToken) });
  await stage.findCluster();
  return stage;
}

export class Stage {
  #server;
  #questions = new Map();
  #clusterId = null;

  constructor({ consul, server, url, data, cookie }) {
    this.#server = server;
    this.consul = consul;
    this.url = url;
    this.data = data;
    this.cookie = cookie;
    this.pid = server.child.pid;
    server.child.on("message", ({ number, value, failure }) => {
      const question = this.#questions.get(number);
      if (question === undefined) return;
      this.#questions.delete(number);
      if (failure === undefined) question.resolve(value);
      else question.reject(new Trouble(`Snapkeep said: ${failure}`));
    });
    void server.ended.then(({ output }) => {
      for (const { reject } of this.#questions.values())
        reject(new Trouble(`Snapkeep ended by itself.\n${lastLines(output, 20)}`));
    });
  }

  /** Asks scripts/bench/inside.mjs, which runs in the server. */
  ask(ask, rest = {}) {
    const number = this.#questions.size === 0 ? 1 : Math.max(...this.#questions.keys()) + 1;
    return new Promise((resolve, reject) => {
      this.#questions.set(number, { resolve, reject });
      this.#server.child.send({ number, ask, cookie: this.cookie, ...rest });
    });
  }

  execute(name, input) {
    return this.ask("execute", { name, input });
  }

  async findCluster() {
    const { clusters } = await this.execute("clusters.list", {});
    this.#clusterId = clusters[0].id;
  }

  /** A snapshot from the click to the row that says verified. */
  async take() {
    const input = { clusterId: this.#clusterId, datacenter: "dc1", mode: "consistent" };
    const done = await this.ask("runToEnd", { name: "snapshots.take", read: "snapshots.get", input });
    if (done.row.state !== "verified") throw new Trouble(`The take failed: ${done.row.failureText}`);
    return done;
  }

  /** Everything that is looked at before a restore, the live state compared with the snapshot included. */
  async preflight(snapshotId) {
    const input = { snapshotId, clusterId: this.#clusterId, datacenter: "dc1" };
    const ask = { name: "restores.startPreflight", read: "restores.preflight", input };
    const done = await this.ask("runToEnd", ask);
    if (done.row.impact === null) throw new Trouble(`The preflight failed: ${done.row.failureText}`);
    return done;
  }

  /** Two snapshots compared, from the click to the list of differences. */
  async compare(a, b) {
    const input = { a: { snapshotId: a }, b: { snapshotId: b } };
    const done = await this.ask("runToEnd", { name: "comparisons.start", read: "comparisons.get", input });
    if (done.row.state !== "ready") throw new Trouble(`The comparison failed: ${done.row.failureText}`);
    return done;
  }

  /**
   * A restore bound to a preflight. `ms` is the restore itself: the archive read once more against its checksum, sent,
   * and applied by Consul, without the looks before and after.
   */
  async restore(snapshotId) {
    const { row } = await this.preflight(snapshotId);
    // What the look has written is not what the restore is measured by.
    await settleDisk();
    const input = {
      snapshotId,
      clusterId: this.#clusterId,
      datacenter: "dc1",
      preflightId: row.id,
      accepted: row.lines.filter(({ result }) => result === "warning").map(({ name }) => name),
      confirmDatacenter: "dc1",
      reason: "bench",
      withoutSafetyReason: "the bench measures the restore itself",
    };
    const done = await this.ask("runToEnd", { name: "restores.start", read: "restores.get", input });
    if (done.row.state !== "succeeded") throw new Trouble(`The restore failed: ${done.row.outcomeText}`);
    const sent = done.row.steps.find(({ step }) => step === "sent");
    return { ...done, ms: sent.tookMs, allMs: done.ms };
  }

  async downloadUrl(id) {
    const { url } = await this.execute("snapshots.download", { id });
    return `${this.url}${url}`;
  }

  async uploadTarget(file) {
    const input = { fileName: "bench.snap", bytes: statSync(file).size };
    const { url, snapshotId } = await this.execute("snapshots.beginUpload", input);
    return { url: `${this.url}${url}`, id: snapshotId };
  }

  remove(id) {
    return this.execute("snapshots.delete", { id });
  }

  archiveFile(id) {
    return path.join(this.data, "archives", `${id}.snap`);
  }

  async close() {
    await this.#server.stop();
    await this.consul.stop();
  }
}
