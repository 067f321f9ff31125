import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "#core/kernel/errors.ts";
import type { Holder, RequestContext } from "#core/kernel/operation.ts";
import type { Runtime } from "#core/runtime/index.ts";
import { sendDownload } from "./download.ts";
import { sendProblem } from "./problem.ts";
import { toWebHeaders } from "./request-context.ts";

/** What browsers open, each with a ticket that a server action gave them. */
const ticketPath = /^\/stream\/(downloads|uploads|exports|audit-exports)\/([A-Za-z0-9.-]{1,120})$/;
/** What programs open with their API token: the bytes of endpoints that core/runtime/endpoints.ts names. */
const archivePath = /^\/api\/v1\/snapshots\/([^/?]{1,60})\/archive$/;
const uploadPath = "/api/v1/snapshots/upload";
const auditPath = "/api/v1/audit/export";

type Exchange = {
  runtime: Runtime;
  caller: Holder;
  context: RequestContext;
  req: IncomingMessage;
  res: ServerResponse;
};

/** Whether this request's bytes flow past Next. */
export function isStream(req: IncomingMessage): boolean {
  const path = pathOf(req);
  return path.startsWith("/stream/") || path === uploadPath || path === auditPath || archivePath.test(path);
}

/** Handles what {@link isStream} named: with a session and a ticket, or with an API token. */
export async function handleStream(
  runtime: Runtime,
  req: IncomingMessage,
  res: ServerResponse,
  context: RequestContext,
): Promise<void> {
  try {
    const caller = await runtime.callerOf(toWebHeaders(req), context.address, context.requestId);
    if (caller === null) throw new AppError({ code: "unauthenticated", userMessage: "Sign in to go on." });
    const exchange = { runtime, caller, context, req, res };
    await (pathOf(req).startsWith("/stream/") ? withTicket(exchange) : withToken(exchange));
  } catch (error) {
    runtime.logFailure(error, { requestId: context.requestId }, "a stream was refused or failed");
    sendProblem(res, error, context.requestId);
  }
}

const execute = <Name extends keyof Runtime["operations"]>(
  { runtime, caller, context }: Exchange,
  name: Name,
  input: unknown,
) => runtime.execute(name, caller, input, context);

const pathOf = (req: IncomingMessage): string => (req.url ?? "/").split("?")[0] ?? "/";
const reads = (req: IncomingMessage): boolean => req.method === "GET" || req.method === "HEAD";

async function withTicket(exchange: Exchange): Promise<void> {
  const { runtime, caller, context, req } = exchange;
  const [, kind, ticket = ""] = ticketPath.exec(req.url ?? "") ?? [];
  if (kind === "downloads" && reads(req)) {
    const head = req.method === "HEAD";
    const download = await runtime.streams.download(ticket, caller, context, !head);
    return sendDownload(runtime, download, context, req, exchange.res);
  }
  if (kind === "uploads" && req.method === "PUT") return receive(exchange, ticket);
  if (kind === "exports" && req.method === "GET") return sendDifferences(exchange, ticket);
  if (kind === "audit-exports" && req.method === "GET") return sendAudit(exchange, ticket);
  throw new AppError({ code: "not_found", userMessage: "There is nothing here." });
}

/** The operation gives a ticket as it does to a browser, and it is used at once. */
async function withToken(exchange: Exchange): Promise<void> {
  const { runtime, caller, context, req, res } = exchange;
  // A session's cookie isn't enough: a link on another site could start these with somebody's cookie.
  if (caller.kind !== "token")
    throw new AppError({ code: "unauthenticated", userMessage: "This needs an API token." });
  const path = pathOf(req);
  const query = Object.fromEntries(new URL(req.url ?? "/", "http://any").searchParams);
  const id = archivePath.exec(path)?.[1];
  if (id !== undefined && req.method === "GET") {
    const { url } = await execute(exchange, "snapshots.download", { id });
    const download = await runtime.streams.download(ticketOf(url), caller, context, true);
    return sendDownload(runtime, download, context, req, res);
  }
  if (id !== undefined && req.method === "HEAD") {
    await execute(exchange, "snapshots.archive", { id });
    return sendDownload(runtime, await runtime.streams.look(id), context, req, res);
  }
  if (path === uploadPath && req.method === "POST") {
    const input = { ...query, bytes: declaredBytes(req), pin: query.pin === "true" };
    const { url } = await execute(exchange, "snapshots.beginUpload", input);
    return receive(exchange, ticketOf(url));
  }
  if (path === auditPath && req.method === "GET") {
    const { url } = await execute(exchange, "audit.export", query);
    return sendAudit(exchange, ticketOf(url));
  }
  throw new AppError({ code: "not_found", userMessage: "There is nothing here." });
}

const ticketOf = (url: string): string => url.split("/").at(-1) ?? "";

function declaredBytes(req: IncomingMessage): number {
  const bytes = Number(req.headers["content-length"] ?? Number.NaN);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new AppError({
    code: "invalid_input",
    field: "bytes",
    userMessage: "The upload needs a Content-Length.",
  });
}

async function receive({ runtime, caller, context, req, res }: Exchange, ticket: string): Promise<void> {
  const length = req.headers["content-length"];
  const declared = length === undefined ? null : Number(length);
  const result = await runtime.streams.upload(ticket, caller, context, req, declared);
  res.writeHead(201, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  res.end(JSON.stringify(result));
}

async function sendDifferences(exchange: Exchange, ticket: string): Promise<void> {
  const { runtime, caller, context } = exchange;
  await sendText(exchange, await runtime.streams.exportDifferences(ticket, caller, context));
}

async function sendAudit(exchange: Exchange, ticket: string): Promise<void> {
  const { runtime, caller, context } = exchange;
  await sendText(exchange, await runtime.streams.exportAudit(ticket, caller, context));
}

type Text = Awaited<ReturnType<Runtime["streams"]["exportAudit"]>>;

async function sendText({ runtime, context, res }: Exchange, text: Text): Promise<void> {
  res.writeHead(200, {
    "Content-Type": text.contentType,
    "Content-Disposition": `attachment; filename="${text.fileName}"`,
    "Cache-Control": "private, no-store",
  });
  let sentBytes = 0;
  const counted = async function* () {
    for await (const piece of text.pieces) {
      yield piece;
      sentBytes += Buffer.byteLength(piece);
    }
  };
  try {
    await pipeline(Readable.from(counted()), res);
  } catch (error) {
    runtime.log.info({ requestId: context.requestId, sentBytes, err: error }, "an export broke off");
    await text.finished(sentBytes, false);
    res.destroy();
    return;
  }
  await text.finished(sentBytes, true);
}
