import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Runtime } from "#core/runtime/index.ts";
import { createHttpServer } from "#server/http-server.ts";
import { noteSecret } from "./evidence.ts";
import type { Person } from "./runtime.ts";
import { testRequest } from "./runtime.ts";

export interface HttpDoor {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** The session cookie of the first administrator. */
  readonly cookie: string;
  /** The person that the cookie stands for, as operations see it. */
  readonly person: Person;
  close(): Promise<void>;
}

const password = noteSecret("correct horse battery staple");

/** Puts the real HTTP server in front of a runtime, without Next, and signs its administrator in. */
export async function openHttpDoor(runtime: Runtime): Promise<HttpDoor> {
  const noPages = async (_req: unknown, res: { writeHead(status: number): { end(): void } }) =>
    void res.writeHead(404).end();
  const server = createHttpServer(runtime, noPages, { dev: false });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { setupToken, sessions } = runtime;
  const username = "grace";
  const { caller, setCookies } =
    setupToken === null
      ? await sessions.signIn({ username, password }, new Headers(), testRequest())
      : await sessions.createFirstAdmin({ setupToken, username, password }, new Headers(), testRequest());
  if (caller === null) throw new Error("The administrator has no second factor here.");
  return {
    origin: `http://127.0.0.1:${port}`,
    cookie: setCookies.map((line) => line.split(";")[0]).join("; "),
    person: caller,
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
