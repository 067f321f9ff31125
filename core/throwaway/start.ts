import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ConsulBinary } from "./binary.ts";
import { toThrowawayConfig } from "./config.ts";
import { DrillFailed, deathWords } from "./failure.ts";
import { type ApiAnswer, createApi, type ThrowawayApi } from "./http.ts";
import { configFileOf } from "./leftovers.ts";
import { findFreePorts } from "./ports.ts";
import { removeFolder, startProcess, type ThrowawayProcess } from "./process.ts";

const startAttempts = 5;
const pollMs = 50;

export type StartOptions = {
  readonly binary: ConsulBinary;
  /** Made here, removed by `remove`. */
  readonly folder: string;
  readonly datacenter: string;
  readonly withAcl: boolean;
  readonly signal: AbortSignal;
};

export type Throwaway = {
  readonly api: ThrowawayApi;
  readonly consul: ThrowawayProcess;
  /** Resolves when there is a leader that serves consistent reads to our token. */
  readonly ready: () => Promise<void>;
  readonly appliedIndex: () => Promise<number>;
};

/**
 * Starts a Consul of its own, ready to take an archive.
 * @throws DrillFailed with Consul's words; nothing of it is left then.
 */
export async function startThrowaway(options: StartOptions): Promise<Throwaway> {
  for (let attempt = 1; ; attempt += 1) {
    const one = await begin(options);
    try {
      await one.ready();
      return one;
    } catch (error) {
      const wasTaken = /address already in use|bind: /.test(one.consul.log());
      await one.consul.remove();
      if (!wasTaken || attempt === startAttempts || options.signal.aborted) throw error;
    }
  }
}

async function begin({ binary, folder, datacenter, withAcl, signal }: StartOptions): Promise<Throwaway> {
  const token = withAcl ? randomUUID() : null;
  const ports = await findFreePorts();
  try {
    signal.throwIfAborted();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await mkdir(`${folder}/tmp`, { mode: 0o700 });
    const config = toThrowawayConfig({ version: binary.version, datacenter, folder, ports, token });
    await writeFile(configFileOf(folder), JSON.stringify(config), { mode: 0o600 });
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
  const consul = startProcess(binary.file, folder);
  const api = createApi(ports.http, token, signal);
  return {
    api,
    consul,
    ready: () => waitUntilReady(api, consul, binary.version, signal),
    appliedIndex: async () => appliedIndexOf(await api.get("/v1/agent/self")),
  };
}

async function waitUntilReady(
  api: ThrowawayApi,
  consul: ThrowawayProcess,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (consul.hasEnded()) throw new DrillFailed(deathWords(consul, version));
    // Until the leader has made our token anew after a restore it answers 403; without a leader 500.
    const answer = await api.get("/v1/kv/snapkeep-drill-ready?consistent").catch(() => null);
    if (answer?.status === 200 || answer?.status === 404) return;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

const selfSchema = z.object({ Stats: z.object({ raft: z.object({ applied_index: z.coerce.number() }) }) });

function appliedIndexOf({ status, text }: ApiAnswer): number {
  const parsed = status === 200 ? selfSchema.safeParse(JSON.parse(text)) : null;
  // Without it, nothing but the archive's own index excuses a difference.
  return parsed?.success === true ? parsed.data.Stats.raft.applied_index : 0;
}
