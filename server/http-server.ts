import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Runtime } from "#core/runtime/index.ts";
import { sendProblem } from "./problem.ts";
import { identify } from "./request-context.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { handleStream } from "./streams.ts";

/** Answers everything that is neither a byte stream nor the health question: Next, outside of tests. */
export type PageHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** The HTTP server with its byte streams, not yet listening. It knows nothing of Next. */
export function createHttpServer(runtime: Runtime, pages: PageHandler, options: { dev: boolean }): Server {
  const https = runtime.baseUrl.startsWith("https:");
  const server = createServer({ highWaterMark: 1024 * 1024 }, (req, res) => {
    const context = identify(req);
    if (req.url === "/healthz") {
      res.writeHead(200, { "Content-Type": "text/plain", "Cache-Control": "no-store" }).end("ok\n");
      return;
    }
    setSecurityHeaders(req, res, { https, dev: options.dev });
    res.setHeader("X-Request-Id", context.requestId);
    const work = req.url?.startsWith("/stream/") ? handleStream(runtime, req, res, context) : pages(req, res);
    work.catch((error: unknown) => {
      runtime.log.error({ err: error, requestId: context.requestId }, "request failed");
      sendProblem(res, error, context.requestId);
    });
  });
  // An upload may take hours; a connection that says nothing at all may not.
  server.requestTimeout = 0;
  server.headersTimeout = 30_000;
  return server;
}
