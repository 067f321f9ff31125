import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isAppError } from "#core/kernel/errors.ts";
import type { RequestContext } from "#core/kernel/operation.ts";
import type { Runtime } from "#core/runtime/index.ts";
import { parseRange } from "./range.ts";

type Download = Awaited<ReturnType<Runtime["streams"]["download"]>>;

/** Sends an archive, byte for byte what Consul sent. HEAD answers without opening the file or writing a row. */
export async function sendDownload(
  runtime: Runtime,
  { archive, finished }: Download,
  context: RequestContext,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const head = req.method === "HEAD";
  const etag = `"${archive.sha256}"`;
  const ifRange = req.headers["if-range"];
  const wanted = ifRange === undefined || ifRange === etag ? req.headers.range : undefined;
  let range: ReturnType<typeof parseRange>;
  let stream: Readable | null;
  try {
    range = parseRange(wanted, archive.bytes);
    // Opened before the head goes out: a file that can't be read is answered with its reason.
    stream = head ? null : await archive.open(range ?? undefined);
  } catch (error) {
    if (isAppError(error) && error.code === "range_invalid")
      res.setHeader("Content-Range", `bytes */${archive.bytes}`);
    if (!head) await finished(0, false);
    throw error;
  }
  const bytes = range === null ? archive.bytes : range.end - range.start + 1;
  res.writeHead(range === null ? 200 : 206, {
    "Content-Type": "application/x-gzip",
    "Content-Length": bytes,
    "Content-Disposition": `attachment; filename="${archive.fileName}"`,
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    ETag: etag,
    "Last-Modified": archive.takenAt.toUTCString(),
    ...(range === null ? {} : { "Content-Range": `bytes ${range.start}-${range.end}/${archive.bytes}` }),
  });
  if (stream === null) {
    res.end();
    return;
  }
  const { socket } = res;
  const socketBytesBefore = socket?.bytesWritten ?? 0;
  let sentBytes = 0;
  stream.on("data", (chunk: Buffer) => {
    sentBytes += chunk.length;
  });
  stream.pause();
  try {
    await pipeline(stream, res);
    await finished(sentBytes, true);
  } catch (error) {
    // A client that has the last byte may hang up before our side has closed. It has the whole archive all the same.
    if (sentBytes === bytes && (socket?.bytesWritten ?? 0) - socketBytesBefore >= bytes) {
      await finished(sentBytes, true);
      return;
    }
    // The browser went away, or the disk failed: either way the bytes are incomplete and the log says so.
    runtime.log.info({ requestId: context.requestId, sentBytes, err: error }, "download broke off");
    await finished(sentBytes, false);
    res.destroy();
  }
}
