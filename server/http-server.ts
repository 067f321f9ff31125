import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import compression from "compression";
import { AppError, errorTable, toAppError } from "#core/kernel/errors.ts";
import type { RequestContext } from "#core/kernel/operation.ts";
import type { Runtime } from "#core/runtime/index.ts";
import { assertSameOrigin } from "./origin.ts";
import { sendProblem } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";
import { identify } from "./request-context.ts";
import { canonicalTarget } from "./request-target.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { handleStream, isStream } from "./streams.ts";
import { carryStyleAttributes } from "./style-attributes.ts";

/** How long the body of what is no byte stream may take; all of these are small. */
const bodyMsMax = 60_000;

/** Answers everything that is neither a byte stream nor the health question: Next, outside of tests. */
export type PageHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** The HTTP server with its byte streams, not yet listening. It knows nothing of Next. */
export function createHttpServer(
  runtime: Runtime,
  pages: PageHandler,
  options: { dev: boolean; bodyMs?: number },
): Server {
  const { ownOrigin, trustedHops, requestsPerMinute } = runtime.web;
  const https = runtime.baseUrl.startsWith("https:");
  const rateLimit = createRateLimit(requestsPerMinute);
  // Not Next's own, which would run before the style attributes are renamed.
  const compress = compression();

  async function serve(req: IncomingMessage, res: ServerResponse, context: RequestContext): Promise<void> {
    await rateLimit.count(req, context.address);
    assertSameOrigin(req, ownOrigin);
    if (isStream(req)) return handleStream(runtime, req, res, context);
    endSlowBody(req, res, options.bodyMs ?? bodyMsMax);
    compress(req as never, res as never, () => undefined);
    if (!options.dev) carryStyleAttributes(res);
    await pages(req, res);
  }

  const server = createServer({ highWaterMark: 1024 * 1024 }, (req, res) => {
    // Every rule about paths, here and in Next, has to look at the same one.
    const target = canonicalTarget(req.url ?? "/");
    req.url = target ?? "/";
    const context = identify(req, trustedHops);
    setSecurityHeaders(req, res, { https, dev: options.dev });
    if (req.url === "/healthz") {
      res.writeHead(200, { "Content-Type": "text/plain", "Cache-Control": "no-store" }).end("ok\n");
      return;
    }
    res.setHeader("X-Request-Id", context.requestId);
    const work = target === null ? Promise.reject(noSuchPath()) : serve(req, res, context);
    work.catch((error: unknown) => {
      const { logLevel } = errorTable[toAppError(error).code];
      runtime.log[logLevel]({ err: error, requestId: context.requestId }, "request refused or failed");
      sendProblem(res, error, context.requestId);
    });
  });
  // An upload may take hours; a connection that says nothing at all may not.
  server.requestTimeout = 0;
  server.headersTimeout = 30_000;
  return server;
}

const noSuchPath = () => new AppError({ code: "not_found", userMessage: "There is nothing here." });

/** The server sets no time for a body, since an upload may take hours; so a form that trickles in gets its own. */
function endSlowBody(req: IncomingMessage, res: ServerResponse, bodyMs: number): void {
  const timer = setTimeout(() => {
    if (!req.complete) req.destroy();
  }, bodyMs);
  res.once("close", () => clearTimeout(timer));
}
