import { request } from "node:http";

export interface RawExchange {
  status: number | null;
  rawHeaders: string[];
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** The code of the connection's error ("ECONNRESET", "ECONNREFUSED"), null for a clean end. */
  errorCode: string | null;
  firstByteMs: number | null;
}

export interface RawRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

/** One HTTP exchange as it went over the wire: nothing is decoded or retried, and a broken one is a result. */
export function exchangeRaw(url: string, options: RawRequest = {}): Promise<RawExchange> {
  const startedAt = Date.now();
  const result: RawExchange = {
    status: null,
    rawHeaders: [],
    headers: {},
    body: Buffer.alloc(0),
    errorCode: null,
    firstByteMs: null,
  };
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const end = (error: NodeJS.ErrnoException | null) => {
      resolve({
        ...result,
        body: Buffer.concat(chunks),
        errorCode: error === null ? null : (error.code ?? "UNKNOWN"),
      });
    };
    const outgoing = request(url, {
      method: options.method ?? "GET",
      headers: options.headers,
      agent: false,
    });
    outgoing.on("error", end);
    outgoing.on("response", (answer) => {
      result.status = answer.statusCode ?? null;
      result.rawHeaders = answer.rawHeaders;
      result.headers = answer.headers;
      answer.on("data", (chunk: Buffer) => {
        result.firstByteMs ??= Date.now() - startedAt;
        chunks.push(chunk);
      });
      answer.on("error", end);
      answer.on("end", () => end(null));
    });
    outgoing.end(options.body);
  });
}
