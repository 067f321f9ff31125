import { type ConsulClient, readAutopilot, readDatacenters, readLeader } from "#core/consul/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { toAppError } from "#core/kernel/errors.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { ClusterView, DatacenterHealth } from "./contract.ts";
import type { ClusterService } from "./service.ts";

/** A page that is open asks more often; this is for nobody looking. */
const roundEveryMs = 15_000;
/** An answer younger than this is not asked for again. */
const freshMs = 4_000;

type Known = DatacenterHealth & { sinceMs: number; checkedAtMs: number };
export type HealthMonitor = ReturnType<typeof createHealthMonitor>;

/** Keeps what was last seen of every datacenter. One round at a time; a slow cluster delays only itself. */
export function createHealthMonitor(deps: { clusters: ClusterService; clock: Clock; log: Logger }) {
  const { clusters, clock, log } = deps;
  const known = new Map<string, Known>();
  let lastRoundMs = 0;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  function note(
    cluster: ClusterView,
    datacenter: string,
    found: Partial<DatacenterHealth> & Pick<DatacenterHealth, "state">,
  ): void {
    const key = `${cluster.id}/${datacenter}`;
    const nowMs = clock.nowMs();
    const before = known.get(key);
    const sinceMs = before !== undefined && before.state === found.state ? before.sinceMs : nowMs;
    known.set(key, {
      clusterId: cluster.id,
      clusterName: cluster.name,
      datacenter,
      leader: null,
      problem: null,
      serversTotal: null,
      serversHealthy: null,
      // What was known before still helps while nothing answers.
      consulVersion: before?.consulVersion ?? null,
      raftIndex: before?.raftIndex ?? null,
      ...found,
      objectiveMinutes: cluster.objectiveMinutes,
      checkedAt: new Date(nowMs).toISOString(),
      checkedAtMs: nowMs,
      since: new Date(sinceMs).toISOString(),
      sinceMs,
    });
  }

  async function checkCluster(cluster: ClusterView): Promise<void> {
    const client = await clusters.client(cluster.id);
    let names: string[];
    try {
      names = await readDatacenters(client);
    } catch (error) {
      const problem = toAppError(error).userMessage;
      const before = [...known.values()].filter((entry) => entry.clusterId === cluster.id);
      for (const entry of before) note(cluster, entry.datacenter, { state: "unreachable", problem });
      log.debug({ clusterId: cluster.id, problem }, "cluster not reached");
      return;
    }
    await Promise.all(names.map(async (name) => note(cluster, name, await readHealth(client, name))));
    for (const [key, entry] of known) {
      if (entry.clusterId === cluster.id && !names.includes(entry.datacenter)) known.delete(key);
    }
  }

  async function round(): Promise<void> {
    const all = await clusters.list();
    await Promise.all(
      all.map((cluster) =>
        checkCluster(cluster).catch((error: unknown) =>
          log.warn({ err: error, clusterId: cluster.id }, "health check failed"),
        ),
      ),
    );
    const ids = new Set(all.map((cluster) => cluster.id));
    for (const [key, entry] of known) if (!ids.has(entry.clusterId)) known.delete(key);
    lastRoundMs = clock.nowMs();
  }

  function refresh(): Promise<void> {
    running ??= round().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    /** What is known, asked anew when it is old. The first call waits for the first answers. */
    async datacenters(): Promise<{ datacenters: DatacenterHealth[]; checkedAt: string | null }> {
      const ageMs = Math.abs(clock.nowMs() - lastRoundMs);
      if (known.size === 0) await refresh();
      else if (ageMs > freshMs)
        void refresh().catch((error: unknown) => log.warn({ err: error }, "health round failed"));
      const datacenters = [...known.values()]
        .map(({ sinceMs: _since, checkedAtMs: _checked, ...entry }) => entry)
        .sort(
          (a, b) => a.clusterName.localeCompare(b.clusterName) || a.datacenter.localeCompare(b.datacenter),
        );
      return { datacenters, checkedAt: lastRoundMs === 0 ? null : new Date(lastRoundMs).toISOString() };
    },

    /** Asks one datacenter now. */
    async check(clusterId: string, datacenter: string): Promise<DatacenterHealth> {
      const cluster = await clusters.get(clusterId);
      note(cluster, datacenter, await readHealth(await clusters.client(clusterId), datacenter));
      const {
        sinceMs: _since,
        checkedAtMs: _checked,
        ...entry
      } = known.get(`${clusterId}/${datacenter}`) as Known;
      return entry;
    },

    /** Names under which datacenters were seen, without asking. */
    seen: (clusterId: string) =>
      [...known.values()].filter((entry) => entry.clusterId === clusterId).map((entry) => entry.datacenter),

    refresh,
    start(): void {
      timer ??= setInterval(
        () => void refresh().catch((error: unknown) => log.warn({ err: error }, "health round failed")),
        roundEveryMs,
      );
      timer.unref();
      void refresh().catch((error: unknown) => log.warn({ err: error }, "health round failed"));
    },
    async stop(): Promise<void> {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await running;
    },
  };
}

type Found = Partial<DatacenterHealth> & Pick<DatacenterHealth, "state">;

async function readHealth(client: ConsulClient, datacenter: string): Promise<Found> {
  let leader: string | null;
  try {
    leader = await readLeader(client, datacenter);
  } catch (error) {
    const failure = toAppError(error);
    const state = failure.code === "consul_no_leader" ? "no_leader" : "unreachable";
    return { state, problem: failure.userMessage };
  }
  // A server that lost its leader may still name it for a while; autopilot's own answer needs a live one.
  try {
    const health = await readAutopilot(client, datacenter);
    const index = Math.max(0, ...health.Servers.map((server) => server.LastIndex ?? 0));
    const [first] = health.Servers;
    // A leader that was just elected has not looked at the servers yet: then nothing of them is known.
    const facts = {
      leader,
      ...(first === undefined
        ? {}
        : {
            serversTotal: health.Servers.length,
            serversHealthy: health.Servers.filter((server) => server.Healthy).length,
            consulVersion: oldestOf(health.Servers.map((server) => server.Version)),
          }),
      ...(index === 0 ? {} : { raftIndex: index }),
    };
    return leader === null
      ? { state: "no_leader", problem: "No cluster leader", ...facts }
      : { state: "ok", ...facts };
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code === "consul_no_leader") return { state: "no_leader", problem: failure.userMessage };
    if (leader === null) return { state: "no_leader", problem: "No cluster leader" };
    // Without operator:read the leader alone has to do.
    return { state: "ok", leader };
  }
}

/** While servers are upgraded one by one, the oldest tells what all of them understand. */
function oldestOf(versions: readonly string[]): string | null {
  const sorted = [...versions].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return sorted[0] ?? null;
}
