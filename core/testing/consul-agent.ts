import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findConsul, findOnPath } from "../../scripts/lib/consul-binary.mjs";
import { type AgentConfigInput, type ConsulPorts, toAgentConfig } from "./consul-config.ts";
import { askConsul } from "./consul-http.ts";
import { reservePorts } from "./free-ports.ts";
import { makeTempFolder, registerChild, removeTempFolder } from "./leftovers.ts";
import { StopWaiting, waitFor } from "./wait-for.ts";

const logCharsMax = 256 * 1024;

export interface ConsulAgent {
  readonly name: string;
  readonly datacenter: string;
  /** `http://127.0.0.1:<port>`, open also where there is TLS. */
  readonly httpAddress: string;
  /** `https://127.0.0.1:<port>`, null without TLS. */
  readonly httpsAddress: string | null;
  /** `127.0.0.1:<port>` of Raft and RPC, the form in which Consul names the leader and the peers. */
  readonly serverAddress: string;
  readonly ports: ConsulPorts;
  readonly version: string;
  readonly dataFolder: string;
  /** The agent's TMPDIR, where a server writes an archive before its first byte is sent. */
  readonly tmpFolder: string;
  isRunning(): boolean;
  /** The process id of the running agent, null when it is down. */
  pid(): number | null;
  /** The last 256 KB of what the agent wrote, over all its starts. */
  log(): string;
  /** Ends the agent and waits until it is gone. Its data folder stays. SIGKILL unless told. */
  kill(signal?: "SIGKILL" | "SIGTERM" | "SIGINT"): Promise<void>;
  /** Stops the process in its tracks (SIGSTOP): connections stay open and nothing answers. */
  pause(): Promise<void>;
  resume(): void;
  /** Starts the agent again on the same ports and data folder; resolves when its HTTP API answers. */
  restart(): Promise<void>;
  /** Kills the agent, removes its data folder and gives its ports back. */
  stop(): Promise<void>;
}

export type AgentOptions = Omit<AgentConfigInput, "consulVersion" | "ports" | "dataFolder">;

/** A port was taken between the check and the agent's start; starting again with other ports helps. */
export class PortTakenError extends Error {}

export interface ReservedAgent {
  ports: ConsulPorts;
  releasePorts(): void;
}

/** Ports come first, since the servers of a cluster name each other's in their configuration. */
export async function reserveAgent(): Promise<ReservedAgent> {
  const block = await reservePorts(5);
  const [http = 0, https = 0, server = 0, serfLan = 0, serfWan = 0] = block.ports;
  return { ports: { http, https, server, serfLan, serfWan }, releasePorts: block.release };
}

/**
 * Starts one real agent and waits until its HTTP API answers (which says nothing about a leader).
 *
 * @throws {PortTakenError} where another process was quicker.
 */
export async function startAgent(reserved: ReservedAgent, options: AgentOptions): Promise<ConsulAgent> {
  const binary = await findConsul({ fetch: true });
  const folder = makeTempFolder("snapkeep-consul-");
  const process_ = new AgentProcess(binary.path, folder, options, {
    consulVersion: binary.version,
    ports: reserved.ports,
  });
  const stop = async () => {
    await process_.end("SIGKILL");
    removeTempFolder(folder);
    reserved.releasePorts();
  };
  try {
    await process_.begin();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: options.name,
    datacenter: options.datacenter,
    httpAddress: `http://127.0.0.1:${reserved.ports.http}`,
    httpsAddress: options.tls === null ? null : `https://127.0.0.1:${reserved.ports.https}`,
    serverAddress: `127.0.0.1:${reserved.ports.server}`,
    ports: reserved.ports,
    version: binary.version,
    dataFolder: process_.dataFolder,
    tmpFolder: process_.tmpFolder,
    isRunning: () => process_.isRunning(),
    pid: () => process_.pid(),
    log: () => process_.log,
    kill: (signal = "SIGKILL") => process_.end(signal),
    pause: () => process_.pause(),
    resume: () => process_.signal("SIGCONT"),
    restart: async () => {
      await process_.end("SIGKILL");
      await process_.begin();
    },
    stop,
  };
}

/** True once all threads of the process stand still. Only Linux tells of threads, elsewhere `ps` has to do. */
function isStopped(pid: number): boolean {
  if (process.platform !== "linux") {
    return execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).startsWith("T");
  }
  return readdirSync(`/proc/${pid}/task`).every((thread) =>
    /^State:\s+T/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8")),
  );
}

let deathTie: Promise<string[]> | null = null;

/**
 * Linux can tie a child to its parent's death, even to a SIGKILL, which no handler of ours would see. The words
 * to put before the command; none where util-linux's setpriv is missing.
 */
function diesWithParent(): Promise<string[]> {
  deathTie ??= (async () => {
    const setpriv = process.platform === "linux" ? await findOnPath(["setpriv"]) : null;
    if (setpriv === null) return [];
    const words = [setpriv, "--pdeathsig", "KILL", "--"];
    // Busybox has a setpriv of its own that doesn't know the option, so it is tried once.
    const works = await new Promise<boolean>((resolve) => {
      execFile(setpriv, [...words.slice(1), process.execPath, "--version"], (error) =>
        resolve(error === null),
      );
    });
    return works ? words : [];
  })();
  return deathTie;
}

/** The operating system's side of an agent: its files, its process, its output. */
class AgentProcess {
  readonly dataFolder: string;
  readonly tmpFolder: string;
  log = "";
  #child: ChildProcess | null = null;
  readonly #binary: string;
  readonly #configFile: string;
  readonly #isDev: boolean;
  readonly #httpAddress: string;
  readonly #name: string;

  constructor(
    binary: string,
    folder: string,
    options: AgentOptions,
    machine: { consulVersion: string; ports: ConsulPorts },
  ) {
    this.#binary = binary;
    this.#name = options.name;
    this.#isDev = options.mode === "dev";
    this.#httpAddress = `http://127.0.0.1:${machine.ports.http}`;
    this.dataFolder = path.join(folder, "data");
    this.tmpFolder = path.join(folder, "tmp");
    this.#configFile = path.join(folder, "agent.json");
    mkdirSync(this.dataFolder);
    mkdirSync(this.tmpFolder);
    const config = toAgentConfig({ ...options, ...machine, dataFolder: this.dataFolder });
    writeFileSync(this.#configFile, JSON.stringify(config, null, 2));
  }

  isRunning(): boolean {
    return this.pid() !== null;
  }

  pid(): number | null {
    const child = this.#child;
    return child !== null && child.exitCode === null && child.signalCode === null
      ? (child.pid ?? null)
      : null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async pause(): Promise<void> {
    const pid = this.pid();
    if (pid === null) throw new Error(`${this.#name} is not running.`);
    this.signal("SIGSTOP");
    // The threads stop one by one, and one that still runs may answer a last request.
    await waitFor(`${this.#name} to stop`, async () => (isStopped(pid) ? true : null), { intervalMs: 5 });
  }

  async begin(): Promise<void> {
    const logStart = this.log.length;
    const [command, ...leading] = [...(await diesWithParent()), this.#binary];
    const child = spawn(
      command ?? this.#binary,
      [...leading, "agent", ...(this.#isDev ? ["-dev"] : []), `-config-file=${this.#configFile}`],
      // No CONSUL_* variable of the developer's shell may reach the agent, hence the nearly empty environment.
      {
        env: { NODE_ENV: "test", TMPDIR: this.tmpFolder },
        stdio: ["ignore", "pipe", "pipe"],
        detached: false,
      },
    );
    this.#child = child;
    registerChild(child);
    child.on("error", (error) => this.#keep(`${error.message}\n`));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#keep(text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#keep(text));
    await waitFor(`the HTTP API of ${this.#name}`, async () => {
      if (!this.isRunning()) throw new StopWaiting(this.#deathError(logStart));
      const answer = await askConsul(
        { httpAddress: this.#httpAddress },
        "GET",
        "/v1/status/leader",
        undefined,
        2_000,
      );
      return answer.status > 0 ? true : null;
    });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null || !this.isRunning()) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    // A paused process acts on no other signal than SIGKILL before it is woken.
    if (signal !== "SIGKILL") child.kill("SIGCONT");
    await gone;
  }

  #keep(text: string): void {
    this.log = (this.log + text).slice(-logCharsMax);
  }

  #deathError(logStart: number): Error {
    const words = this.log.slice(Math.min(logStart, this.log.length));
    const text = `Consul agent ${this.#name} ended before it answered: ${words.trim().split("\n").slice(-5).join("\n")}`;
    return words.includes("address already in use") ? new PortTakenError(text) : new Error(text);
  }
}
