import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "#core/kernel/errors.ts";
import type { RequestContext } from "#core/kernel/operation.ts";
import type { Runtime } from "#core/runtime/index.ts";
import { sendDownload } from "./download.ts";
import { sendProblem } from "./problem.ts";
import { toWebHeaders } from "./request-context.ts";
import { assertSameOrigin } from "./security-headers.ts";

const pattern = /^\/stream\/(downloads|uploads|exports)\/([A-Za-z0-9.-]{1,120})$/;

/** Handles `/stream/…`, where bytes flow past Next. Everything here needs a session and a ticket. */
export async function handleStream(
  runtime: Runtime,
  req: IncomingMessage,
  res: ServerResponse,
  context: RequestContext,
): Promise<void> {
  try {
    const [, kind, ticket = ""] = pattern.exec(req.url ?? "") ?? [];
    const caller = await runtime.sessions.authenticate(toWebHeaders(req));
    if (caller === null) throw new AppError({ code: "unauthenticated", userMessage: "Sign in to go on." });
    if (kind === "downloads" && (req.method === "GET" || req.method === "HEAD")) {
      await sendDownload(runtime, ticket, caller, context, req, res);
    } else if (kind === "uploads" && req.method === "PUT") {
      assertSameOrigin(req);
      const length = req.headers["content-length"];
      const declaredBytes = length === undefined ? null : Number(length);
      const result = await runtime.streams.upload(ticket, caller, context, req, declaredBytes);
      res.writeHead(201, { "Content-Type": "application/json", "Cache-Control": "no-store" });
      res.end(JSON.stringify(result));
    } else if (kind === "exports" && req.method === "GET") {
      const pieces = await runtime.streams.exportDifferences(ticket, caller);
      res.writeHead(200, {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Disposition": 'attachment; filename="differences.json"',
        "Cache-Control": "private, no-store",
      });
      await pipeline(Readable.from(pieces), res);
    } else {
      throw new AppError({ code: "not_found", userMessage: "There is nothing here." });
    }
  } catch (error) {
    sendProblem(res, error, context.requestId);
  }
}
