import { type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

// Not core/consul: that one goes where the policy on targets lets it, and reads certificates, proxies and several
// addresses. This one only ever talks to a port of loopback that we gave to a child of our own.

export type ThrowawayApi = ReturnType<typeof createApi>;
export type ApiAnswer = { readonly status: number; readonly text: string };

const answerBytesMax = 256 * 1024 * 1024;

/** The HTTP API of the throwaway Consul. Every call ends with `signal`, and with the connection. */
export function createApi(port: number, token: string | null, signal: AbortSignal) {
  function send(
    method: string,
    path: string,
    body: AsyncIterable<Uint8Array> | null,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = {
        "accept-encoding": "identity",
        ...(token === null ? {} : { "x-consul-token": token }),
      };
      const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false, signal });
      sent.on("response", resolve);
      sent.on("error", reject);
      if (body === null) sent.end();
      // Its end without an answer is told by the request itself, which has the reason.
      else pipeline(Readable.from(body, { objectMode: false }), sent).catch(reject);
    });
  }

  async function ask(
    method: string,
    path: string,
    body: AsyncIterable<Uint8Array> | null,
  ): Promise<ApiAnswer> {
    const answer = await send(method, path, body);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > answerBytesMax) throw new Error(`${path} answered more than anybody can hold.`);
      chunks.push(chunk);
    }
    return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") };
  }

  return {
    get: (path: string) => ask("GET", path, null),
    putJson: (path: string, body: unknown) => ask("PUT", path, bytesOf(JSON.stringify(body))),
    putStream: (path: string, body: AsyncIterable<Uint8Array>) => ask("PUT", path, body),
    /** The body unread, for what is too large to hold. */
    stream: (path: string) => send("GET", path, null),
  };
}

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
