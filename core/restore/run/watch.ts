import { type ConsulClient, readAutopilot, readChecks, readLeader } from "#core/consul/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { toAppError } from "#core/kernel/errors.ts";
import type { RestoreSample } from "../contract.ts";
import { count } from "../preflight/line.ts";
import { pause } from "./examine.ts";

const sampleEveryMs = 5_000;

/** One look at a datacenter: leader, servers, checks. Whatever can't be read is null. */
export async function sample(
  client: ConsulClient,
  datacenter: string,
  token: string | undefined,
  nowMs: number,
): Promise<RestoreSample> {
  const at = new Date(nowMs).toISOString();
  const empty = {
    serversTotal: null,
    serversHealthy: null,
    checksTotal: null,
    checksPassing: null,
    raftIndex: null,
  };
  let leader: string | null;
  try {
    leader = await readLeader(client, datacenter);
  } catch (error) {
    return { at, leader: null, ...empty, problem: toAppError(error).userMessage };
  }
  const answer = await readAutopilot(client, datacenter, token).catch(() => null);
  // A leader that was just elected has not looked at the servers yet.
  const health = answer?.Servers.length === 0 ? null : answer;
  const checks = await readChecks(client, datacenter, token).catch(() => null);
  const index = Math.max(0, ...(health?.Servers ?? []).map((server) => server.LastIndex ?? 0));
  return {
    at,
    leader,
    serversTotal: health?.Servers.length ?? null,
    serversHealthy: health?.Servers.filter((server) => server.Healthy).length ?? null,
    checksTotal: checks?.length ?? null,
    checksPassing: checks?.filter(({ status }) => status === "passing").length ?? null,
    raftIndex: index === 0 ? null : index,
    problem: leader === null ? "No cluster leader" : null,
  };
}

export type WatchOptions = {
  /** Looks, and keeps what it saw. */
  look: () => Promise<RestoreSample>;
  /** A look that failed for a reason of Snapkeep's own says nothing of the datacenter; the next one may not. */
  onFailure: (error: unknown) => void;
  log: (text: string) => Promise<void>;
  clock: Clock;
  forMs: number;
  signal: AbortSignal;
};

/**
 * Looks every few seconds until the time is over or somebody ends it; writes a line whenever something changed.
 * @returns what was seen last; null: nothing.
 */
export async function watch(options: WatchOptions): Promise<RestoreSample | null> {
  const { clock, signal, onFailure } = options;
  const untilMs = clock.monotonicMs() + options.forMs;
  let before: RestoreSample | null = null;
  let index: number | null = null;
  while (clock.monotonicMs() < untilMs && !signal.aborted) {
    try {
      const now: RestoreSample = await options.look();
      for (const line of [changeLine(before, now), indexLine(index, now)])
        if (line !== null) await options.log(line);
      before = now;
      // From where it has gone back to, so that it is told once.
      index = now.raftIndex ?? index;
    } catch (error) {
      onFailure(error);
    }
    await pause(Math.max(0, Math.min(sampleEveryMs, untilMs - clock.monotonicMs())), signal).catch(
      () => undefined,
    );
  }
  return before;
}

/**
 * Says that the raft index has gone back, which Consul never lets it: it goes on from the higher one. Servers tell
 * autopilot their last index, so after the loss of a leader the others may be a few entries behind for a moment.
 * @param before the index that was seen last; null: none.
 */
export function indexLine(before: number | null, now: RestoreSample): string | null {
  if (before === null || now.raftIndex === null || now.raftIndex >= before) return null;
  return `the raft index has gone back from ${count(before)} to ${count(now.raftIndex)}`;
}

/** What is new since the last look, as a line of the log; null: nothing. */
export function changeLine(before: RestoreSample | null, now: RestoreSample): string | null {
  if (now.problem !== null) return before?.problem === now.problem ? null : now.problem;
  const isSame =
    before !== null &&
    before.problem === null &&
    before.leader === now.leader &&
    before.serversHealthy === now.serversHealthy &&
    before.checksPassing === now.checksPassing &&
    before.checksTotal === now.checksTotal;
  return isSame ? null : stateLine(now);
}

/** Checks, servers and leader, or why none could be seen. */
export function stateLine(now: RestoreSample): string {
  if (now.problem !== null) return now.problem;
  const servers =
    now.serversTotal === null
      ? "servers not known"
      : `${now.serversHealthy} of ${now.serversTotal} servers healthy`;
  const checks =
    now.checksTotal === null
      ? "checks not known"
      : `checks passing ${now.checksPassing} of ${now.checksTotal}`;
  return `${checks}, ${servers}, leader ${now.leader}`;
}
