import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { createLogger } from "#core/kernel/logger.ts";
import type { Runtime } from "#core/runtime/index.ts";
import { createHttpServer } from "./http-server.ts";

const runtime = {
  baseUrl: "http://snapkeep.example",
  web: { ownOrigin: null, trustedHops: 0, requestsPerMinute: 1_000 },
  log: createLogger("silent"),
} as unknown as Runtime;

it("whoever sends a form and never its end loses the connection; a long answer stays", async () => {
  let answerLate: () => void = () => undefined;
  let hear: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const server = createHttpServer(
    runtime,
    async (req, res) => {
      req.resume();
      if (req.method !== "GET") return;
      answerLate = () => res.end("late");
      hear();
    },
    { dev: false, bodyMs: 50 },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const head = (method: string, more = "") =>
    `${method} /x HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\n${more}\r\n`;
  try {
    const slow = connect(port, "127.0.0.1").on("error", () => undefined);
    const slowGone = once(slow, "close");
    slow.write(`${head("POST", "Content-Length: 100\r\n")}{`);
    const patient = connect(port, "127.0.0.1");
    patient.write(head("GET"));
    await Promise.all([heard, slowGone]);
    answerLate();
    const [answer] = (await once(patient, "data")) as [Buffer];
    expect(answer.toString()).toContain("200 OK");
    patient.destroy();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
