// The program of a server process under test: the runtime and the HTTP server without Next. It takes its
// orders from the test that started it, and ends when that test does.
import { readEnv } from "#core/kernel/env.ts";
import { toAppError } from "#core/kernel/errors.ts";
import { createLogger } from "#core/kernel/logger.ts";
import { buildRuntime } from "#core/runtime/index.ts";
import { createHold } from "./hold.ts";
import { openHttpDoor } from "./http-door.ts";
import type { FromServer, ToServer } from "./killable-messages.ts";
import { migrationsFolder, testRequest } from "./runtime.ts";

function tell(message: FromServer): void {
  process.send?.(message);
}

async function main(): Promise<void> {
  const hold = createHold();
  const env = readEnv();
  const log = createLogger(env.SNAPKEEP_LOG_LEVEL);
  const runtime = await buildRuntime({ env, log, migrationsFolder, aroundStore: hold.around });
  const door = await openHttpDoor(runtime);

  async function obey(order: ToServer): Promise<unknown> {
    switch (order.kind) {
      case "execute":
        return runtime.execute(order.name, order.caller, order.input, testRequest());
      case "hold":
        void hold.next(order.point).reached.then(() => tell({ kind: "reached", call: order.call }));
        return null;
      case "stop":
        await door.close();
        return runtime.stop();
      default:
        return order satisfies never;
    }
  }
  process.on("message", (order: ToServer) => {
    obey(order).then(
      (output) => tell({ kind: "answer", call: order.call, output: output ?? null }),
      (error: unknown) => {
        const { code, userMessage } = toAppError(error);
        tell({ kind: "refusal", call: order.call, code, text: userMessage });
      },
    );
  });
  tell({ kind: "ready", origin: door.origin, cookie: door.cookie, person: door.person });
}

process.on("disconnect", () => process.exit(0));
main().catch((error: unknown) => {
  tell({ kind: "failed", text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
});
