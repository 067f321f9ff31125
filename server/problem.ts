import type { ServerResponse } from "node:http";
import { errorTable, toAppError, toPublicError } from "#core/kernel/errors.ts";

/** How long a sender may go on after its upload was refused. */
const lingerMs = 5_000;

/** Answers a failure as application/problem+json. After the head has gone, only ending the connection is honest. */
export function sendProblem(res: ServerResponse, thrown: unknown, requestId: string): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const error = toAppError(thrown);
  const { status } = errorTable[error.code];
  const { message, ...rest } = toPublicError(error, requestId);
  const body = JSON.stringify({ type: "about:blank", title: message, status, detail: message, ...rest });
  // A refused upload still has bytes under way; the connection is not good for another request.
  res.writeHead(status, {
    "Content-Type": "application/problem+json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    ...(status === 401 ? { "WWW-Authenticate": 'Bearer realm="Snapkeep"' } : {}),
    ...(error.retryAfterS === undefined ? {} : { "Retry-After": String(error.retryAfterS) }),
    Connection: "close",
  });
  if (res.req.complete || res.req.destroyed) res.end(body);
  else endWhenSent(res, body);
}

/**
 * Ending while bytes still come in would reset the connection, and the sender might never read why. So the
 * whole answer goes out, and what still comes is thrown away for a while.
 */
function endWhenSent(res: ServerResponse, body: string): void {
  const { req } = res;
  res.write(body);
  const end = () => {
    clearTimeout(timer);
    res.end();
  };
  const timer = setTimeout(end, lingerMs);
  req.once("end", end).once("close", end).resume();
}
