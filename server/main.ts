import path from "node:path";
import { fileURLToPath } from "node:url";
import next from "next";
import { readEnv } from "#core/kernel/env.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { createLogger } from "#core/kernel/logger.ts";
import { buildRuntime, type Runtime } from "#core/runtime/index.ts";
import { createHttpServer } from "./http-server.ts";

// The bundle lies in dist/, the source in server/: both one folder below the project.
const projectFolder = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
/** How long connections may take to end before the process goes all the same. */
const stopGraceMs = 5_000;

/** Two signals closer together than this are one. */
const sameSignalMs = 1_000;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Next bundles its own copy of every module, so what the two sides share hangs on the global object. */
function shareWithNext(runtime: Runtime): void {
  (globalThis as Record<symbol, unknown>)[Symbol.for("snapkeep.runtime")] = runtime;
}

async function main(): Promise<void> {
  const env = readEnv();
  const dev = env.NODE_ENV !== "production" && env.SNAPKEEP_DEV === true;
  const log = createLogger(env.SNAPKEEP_LOG_LEVEL);
  const runtime = await buildRuntime({
    env,
    log,
    migrationsFolder: path.join(projectFolder, "prisma", "migrations"),
  });
  shareWithNext(runtime);
  const app = next({
    dev,
    dir: projectFolder,
    hostname: env.SNAPKEEP_HOST,
    port: env.SNAPKEEP_PORT,
    quiet: true,
  });
  await app.prepare();
  const server = createHttpServer(runtime, app.getRequestHandler(), { dev });
  server.on("error", (error: NodeJS.ErrnoException) => {
    const taken = error.code === "EADDRINUSE";
    say(
      taken
        ? `Port ${env.SNAPKEEP_PORT} is taken. Stop what uses it, or set SNAPKEEP_PORT to another.`
        : `Snapkeep can't listen: ${error.message}`,
    );
    void runtime.stop().finally(() => process.exit(1));
  });
  server.listen(env.SNAPKEEP_PORT, env.SNAPKEEP_HOST, () => {
    say(`Snapkeep is ready at ${runtime.baseUrl}`);
    if (runtime.setupToken !== null) {
      say(
        "Nobody can sign in yet. Open the page and create the first administrator with this one-time token:",
      );
      say(`Setup token: ${runtime.setupToken}`);
    }
  });
  stopOnSignal(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    await runtime.stop();
    const grace = setTimeout(() => server.closeAllConnections(), stopGraceMs);
    server.closeIdleConnections();
    await closed;
    clearTimeout(grace);
    await app.close();
  });
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stoppingSinceMs: number | null = null;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      const nowMs = performance.now();
      // A second signal means: now. But one Ctrl-C can arrive twice, from the terminal and through npm.
      if (stoppingSinceMs !== null && nowMs - stoppingSinceMs > sameSignalMs) process.exit(130);
      if (stoppingSinceMs !== null) return;
      stoppingSinceMs = nowMs;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          say(`Snapkeep did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
          process.exit(1);
        },
      );
    });
  }
}

main().catch((error: unknown) => {
  say(isAppError(error) ? error.userMessage : error instanceof Error ? error.message : String(error));
  process.exit(1);
});
