import { createServer } from "node:net";

/** Whether this process could listen there now. */
export function isPortFree(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The first free port from `port` on, or null when none of the next hundred is. */
export async function nextFreePort(port, host) {
  for (let candidate = port; candidate < port + 100 && candidate < 65_536; candidate++) {
    if (await isPortFree(candidate, host)) return candidate;
  }
  return null;
}

export const defaultPort = 8680;

/** Where the server will listen, as core/kernel/env.ts reads it. */
export function wantedAddress(env = process.env) {
  const text = env.SNAPKEEP_PORT?.trim() ?? "";
  return {
    host: env.SNAPKEEP_HOST?.trim() || "127.0.0.1",
    port: text === "" ? defaultPort : Number(text),
    isExplicit: text !== "",
  };
}
