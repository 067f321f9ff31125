import type { ServerResponse } from "node:http";
import { errorTable, toAppError, toPublicError } from "#core/kernel/errors.ts";

/** Answers a failure as application/problem+json. After the head has gone, only ending the connection is honest. */
export function sendProblem(res: ServerResponse, thrown: unknown, requestId: string): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const error = toAppError(thrown);
  const { status } = errorTable[error.code];
  const { message, ...rest } = toPublicError(error, requestId);
  // A refused upload still has bytes under way; the connection is not good for another request.
  res.writeHead(status, {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    Connection: "close",
  });
  res.end(JSON.stringify({ type: "about:blank", title: message, status, detail: message, ...rest }));
}
