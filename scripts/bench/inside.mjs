/**
 * Preloaded (`node --import`) into the server that is measured, which is otherwise the very program that
 * `npm start` serves. Runs operations when the bench asks for them, as the person whose cookie it sends, and
 * notes when Consul's bytes began and ended.
 */
import { subscribe } from "node:diagnostics_channel";
import { setTimeout as sleep } from "node:timers/promises";

/** Often enough at the end, which is what is measured, and seldom before, so as not to disturb. */
const lookEveryMs = { streaming: 200, ending: 5 };
const underWay = new Set(["taking", "uploading", "running", "interrupted"]);

const consul = { firstByteAt: 0, lastByteAt: 0 };
const isSnapshot = ({ request }) => request.method === "GET" && request.path.startsWith("/v1/snapshot");
subscribe("undici:request:headers", (message) => {
  if (isSnapshot(message)) consul.firstByteAt = performance.now();
});
subscribe("undici:request:trailers", (message) => {
  if (isSnapshot(message)) consul.lastByteAt = performance.now();
});

async function execute({ cookie, name, input }) {
  const runtime = globalThis[Symbol.for("snapkeep.runtime")];
  const caller = await runtime.sessions.authenticate(new Headers({ cookie }));
  const request = { requestId: "req-bench", address: "127.0.0.1", userAgent: "bench", door: "route" };
  return runtime.execute(name, caller, input, request);
}

/** Starts a long act and waits until its row has settled. */
async function runToEnd({ cookie, name, input, read }) {
  Object.assign(consul, { firstByteAt: 0, lastByteAt: 0 });
  const startedAt = performance.now();
  const { id } = await execute({ cookie, name, input });
  for (;;) {
    const row = await execute({ cookie, name: read, input: { id } });
    if (!underWay.has(row.state)) {
      const endedAt = performance.now();
      return {
        row,
        ms: endedAt - startedAt,
        firstByteMs: consul.firstByteAt - startedAt,
        afterLastByteMs: endedAt - consul.lastByteAt,
      };
    }
    const ending = consul.lastByteAt > 0 || row.phase === "applying";
    await sleep(ending ? lookEveryMs.ending : lookEveryMs.streaming);
  }
}

const answers = {
  execute,
  runToEnd,
  peakMemory: async () => ({ bytes: process.resourceUsage().maxRSS * 1024 }),
};

process.on("message", async (message) => {
  const { number, ask, ...rest } = message;
  const answer = answers[ask];
  if (answer === undefined) return;
  try {
    process.send({ number, value: await answer(rest) });
  } catch (error) {
    process.send({ number, failure: error.userMessage ?? String(error.stack ?? error) });
  }
});
// The bench keeps the channel open; it must not keep a server alive that was told to stop.
process.channel?.unref();
