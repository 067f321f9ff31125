import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AppError, type ErrorCode, errorTable } from "#core/kernel/errors.ts";
import type { HoldPoint } from "./hold.ts";
import type { FromServer, ToServer } from "./killable-messages.ts";
import { makeTempFolder, registerChild, removeTempFolder } from "./leftovers.ts";
import { createAsk, listArchiveFiles, type TestRuntimeOptions, testEnv } from "./runtime.ts";

const entry = fileURLToPath(new URL("./killable-entry.ts", import.meta.url));
const outputCharsMax = 256 * 1024;

export interface KillableServerOptions extends Omit<TestRuntimeOptions, "clock" | "aroundStore"> {
  /** A program and its arguments that starts node for us: `prlimit`, `unshare` and the like. */
  startedBy?: string[];
}

export type KillableServer = Awaited<ReturnType<typeof startKillableServer>>;

/**
 * Snapkeep in a process of its own, from source, with its HTTP server but without Next: one that a test can
 * hold at a step of the archive store and kill there.
 */
export async function startKillableServer(options: KillableServerOptions) {
  const dataFolder = options.dataFolder ?? makeTempFolder("snapkeep-data-");
  const line = new ServerLine(options, dataFolder);
  const { origin, cookie, person } = await line.ready;
  return {
    dataFolder,
    origin,
    cookie,
    person,
    ...createAsk((name, caller, input) => line.order({ kind: "execute", name, caller, input })),
    archiveFiles: () => listArchiveFiles(dataFolder),
    /** The last 256 KB of what it wrote: its log. */
    output: () => line.output,
    /** The next act that comes to this step of the archive store waits there for good. */
    holdNext: (point: HoldPoint) => line.hold(point),
    /** Ends it as a power cut would, and waits until it is gone. Its data folder stays. */
    kill: () => line.end("SIGKILL"),
    /** Ends it in good order. */
    async stop(): Promise<void> {
      await line.order({ kind: "stop" });
      await line.end("SIGKILL");
    },
    removeData: () => removeTempFolder(dataFolder),
  };
}

type Order = ToServer extends infer One ? (One extends ToServer ? Omit<One, "call"> : never) : never;
type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

/** The wire to one server process. */
class ServerLine {
  readonly ready: Promise<Extract<FromServer, { kind: "ready" }>>;
  output = "";
  readonly #child: ChildProcess;
  #calls = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #holds = new Map<number, () => void>();

  constructor(options: KillableServerOptions, dataFolder: string) {
    const node = [process.execPath, "--import", "tsx", entry];
    const [command = process.execPath, ...args] = [...(options.startedBy ?? []), ...node];
    const child: ChildProcess = spawn(command, args, {
      env: { NODE_ENV: "test", PATH: process.env.PATH, ...testEnv(options, dataFolder) },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    registerChild(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output = (this.output + text).slice(-outputCharsMax);
      });
    }
    this.ready = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.once("exit", () => {
        reject(new Error(`The server process ended before it was ready.\n${this.output}`));
        for (const waiting of this.#waiting.values()) waiting.reject(new Error("The server process ended."));
      });
      child.on("message", (message: FromServer) => {
        if (message.kind === "ready") resolve(message);
        else if (message.kind === "failed") reject(new Error(message.text));
        else this.#hear(message);
      });
    });
  }

  order(order: Order): Promise<unknown> {
    this.#calls += 1;
    const call = this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#child.send({ ...order, call });
    });
  }

  async hold(point: HoldPoint): Promise<{ reached: Promise<void> }> {
    const call = this.#calls + 1;
    const reached = new Promise<void>((resolve) => this.#holds.set(call, resolve));
    await this.order({ kind: "hold", point });
    return { reached };
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    await gone;
  }

  #hear(message: Exclude<FromServer, { kind: "ready" | "failed" }>): void {
    if (message.kind === "reached") {
      this.#holds.get(message.call)?.();
      return;
    }
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if (message.kind === "answer") waiting?.resolve(message.output);
    else waiting?.reject(new AppError({ code: toCode(message.code), userMessage: message.text }));
  }
}

function toCode(text: string): ErrorCode {
  return (Object.keys(errorTable) as ErrorCode[]).find((code) => code === text) ?? "internal";
}
