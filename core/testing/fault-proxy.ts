import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Body, CutConnection, changesLength, faultyBody } from "./fault-body.ts";
import { createHolds, type Held, standStill } from "./fault-hold.ts";
import type { Fault, FaultScope, HoldExchange, SeenRequest } from "./fault-types.ts";
import { reservePorts } from "./free-ports.ts";

export interface FaultProxy {
  /** `http://127.0.0.1:<port>`, the same for the proxy's whole life. */
  readonly address: string;
  /** All requests since the start or the last `clear`, in the order of their arrival. */
  readonly requests: SeenRequest[];
  /** Adds a fault to those in force. Awaiting matters for "refuse-connections" alone. */
  use(fault: Fault, scope?: FaultScope): Promise<void>;
  /** Lets exchanges stand still until they are released: what has to happen meanwhile needs no guess at a time. */
  hold(at: HoldExchange["at"], scope?: FaultScope): Promise<Held>;
  /** Takes all faults away, lets go of what is held, forgets the requests seen, and listens again. */
  clear(): Promise<void>;
  /** Sends further requests elsewhere, for instance to the server that leads now. */
  retarget(target: string): void;
  stop(): Promise<void>;
}

const beforeResetMs = 30;

interface ActiveFault {
  fault: Fault;
  scope: FaultScope;
  met: number;
}

/** What one exchange needs on its way through the functions below. */
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  seen: SeenRequest;
  faults: Fault[];
  target: string;
}

/**
 * A proxy in front of a real Consul (plain HTTP) that passes everything on untouched, headers in their order
 * and spelling included, but for the faults in force. Chunks keep their bytes, not always their borders.
 */
export async function startFaultProxy(options: { target: string }): Promise<FaultProxy> {
  const block = await reservePorts(1);
  const [port = 0] = block.ports;
  const active: ActiveFault[] = [];
  const requests: SeenRequest[] = [];
  const holds = createHolds();
  let target = options.target;
  const server = createServer((request, response) => {
    const faults = chooseFaults(active, request);
    const seen = toSeenRequest(request, faults);
    requests.push(seen);
    void handle({ request, response, seen, faults, target });
  });
  server.requestTimeout = 0;
  await listen(server, port);
  const use = async (fault: Fault, scope: FaultScope = {}): Promise<void> => {
    active.push({ fault, scope, met: 0 });
    if (fault.kind === "refuse-connections") await close(server);
  };
  return {
    address: `http://127.0.0.1:${port}`,
    requests,
    use,
    hold: async (at, scope) => {
      const { fault, held } = holds.next(at);
      await use(fault, scope);
      return held;
    },
    clear: async () => {
      holds.releaseAll();
      active.length = 0;
      requests.length = 0;
      if (!server.listening) await listen(server, port);
    },
    retarget: (next) => {
      target = next;
    },
    stop: async () => {
      holds.releaseAll();
      await close(server);
      block.release();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1" }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function chooseFaults(active: ActiveFault[], request: IncomingMessage): Fault[] {
  const chosen = active.filter(({ scope, met }) => {
    const path = request.url ?? "";
    const pathFits =
      scope.path === undefined ||
      (typeof scope.path === "string" ? path.startsWith(scope.path) : scope.path.test(path));
    return pathFits && (scope.method ?? request.method) === request.method && met < (scope.times ?? Infinity);
  });
  for (const one of chosen) one.met += 1;
  return chosen.map((one) => one.fault);
}

function toSeenRequest(request: IncomingMessage, faults: Fault[]): SeenRequest {
  return {
    method: request.method ?? "",
    url: request.url ?? "",
    headers: { ...request.headers },
    rawHeaders: [...request.rawHeaders],
    requestBodyBytes: 0,
    status: null,
    responseBodyBytes: 0,
    faults: faults.map((fault) => fault.kind),
    finished: false,
  };
}

function findFault<K extends Fault["kind"]>(faults: Fault[], kind: K): Extract<Fault, { kind: K }> | null {
  return faults.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind) ?? null;
}

function holdsOf(faults: Fault[]): HoldExchange[] {
  return faults.filter((fault): fault is HoldExchange => fault.kind === "hold");
}

async function handle(exchange: Exchange): Promise<void> {
  const { request, response, seen } = exchange;
  const { socket } = request;
  // Without a listener, a client that goes away would end the whole test process.
  request.on("error", () => {});
  response.on("error", () => {});
  try {
    await passThrough(exchange);
  } catch (error) {
    // An upstream that dies in mid-answer looks to the client as it would without us: a broken connection.
    if (error instanceof CutConnection && error.ending === "close") socket.destroy();
    else {
      // A reset throws away what the kernel has not delivered yet; a client that reads gets it in this time.
      await sleep(beforeResetMs);
      socket.resetAndDestroy();
    }
  } finally {
    seen.finished = true;
  }
}

async function passThrough(exchange: Exchange): Promise<void> {
  const { faults } = exchange;
  const atOnce = findFault(faults, "answer-at-once");
  if (atOnce !== null) return sendInstead(exchange, atOnce);
  const cut = findFault(faults, "cut-request");
  if (cut?.when === "before-body") throw new CutConnection("reset");

  const limit = cut !== null && typeof cut.when === "object" ? cut.when.afterBytes : null;
  const answer = await askTarget(exchange, limit);
  for (const hold of holdsOf(faults)) if (hold.at === "answer") await standStill(hold, exchange.response);
  const instead = findFault(faults, "answer-after-upload");
  if (cut !== null || instead !== null) {
    // The target has acted when its answer is over, not when it begins.
    for await (const _chunk of answer);
    if (cut !== null) throw new CutConnection("reset");
    if (instead !== null) return sendInstead(exchange, instead);
  }
  const delay = findFault(faults, "delay-first-byte");
  if (delay !== null) await sleep(delay.delayMs);
  await sendAnswer(exchange, answer);
}

/** Sends the request on, or its first bytes; resolves with the target's answer once its headers are here. */
function askTarget(exchange: Exchange, limitBytes: number | null): Promise<IncomingMessage> {
  const { response, seen, target } = exchange;
  return new Promise((resolve, reject) => {
    const upstream = httpRequest(new URL(seen.url, target), {
      method: seen.method,
      headers: seen.rawHeaders as unknown as Record<string, string>,
      agent: false,
    });
    upstream.on("error", reject);
    upstream.on("response", (answer) => resolve(answer));
    response.once("close", () => upstream.destroy());
    sendBody(exchange, upstream, limitBytes).then(
      (isWhole) => {
        if (isWhole) upstream.end();
        else {
          upstream.destroy();
          reject(new CutConnection("reset"));
        }
      },
      (error: unknown) => {
        upstream.destroy();
        reject(error);
      },
    );
  });
}

async function sendBody(
  { request, response, seen, faults }: Exchange,
  upstream: ReturnType<typeof httpRequest>,
  limitBytes: number | null,
): Promise<boolean> {
  const limit = limitBytes ?? Infinity;
  // Waiting for the callback is the back-pressure, and makes sure that the target's side has these bytes.
  const send = (part: Buffer) =>
    new Promise<void>((resolve) => {
      const done = () => {
        upstream.off("close", done);
        resolve();
      };
      upstream.once("close", done);
      upstream.write(part, done);
    });
  let hold = holdsOf(faults).find((each) => each.at !== "answer");
  // Leaving the loop early must not end the client's connection: how it ends is the fault's own choice.
  const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    let part = chunk.subarray(0, Math.min(chunk.length, limit - seen.requestBodyBytes));
    const bytesToHold = hold === undefined || hold.at === "answer" ? Infinity : hold.at.afterBytes;
    if (hold !== undefined && seen.requestBodyBytes + part.length >= bytesToHold) {
      const first = part.subarray(0, bytesToHold - seen.requestBodyBytes);
      await send(first);
      seen.requestBodyBytes += first.length;
      await standStill(hold, response);
      // What a client that is gone had sent before must not pass on: the server would take the request for a whole one.
      if (response.destroyed) throw new CutConnection("close");
      part = part.subarray(first.length);
      hold = undefined;
    }
    await send(part);
    seen.requestBodyBytes += part.length;
    if (seen.requestBodyBytes >= limit) return false;
  }
  return true;
}

function sendInstead(
  { response, seen }: Exchange,
  answer: { status: number; text: string; headers?: Record<string, string> },
): void {
  seen.status = answer.status;
  seen.responseBodyBytes = Buffer.byteLength(answer.text);
  response.writeHead(answer.status, { "Content-Type": "text/plain; charset=utf-8", ...answer.headers });
  response.end(answer.text);
}

async function sendAnswer({ response, seen, faults }: Exchange, answer: IncomingMessage): Promise<void> {
  const status = answer.statusCode ?? 502;
  // Node would add these by itself where the target sent none.
  response.sendDate = false;
  response.removeHeader("Connection");
  response.removeHeader("Transfer-Encoding");
  response.writeHead(status, answer.statusMessage, toHeaders(answer.rawHeaders, faults));
  seen.status = status;
  let body: Body = answer;
  for (const fault of faults) body = faultyBody(body, fault);
  for await (const chunk of body) {
    seen.responseBodyBytes += chunk.length;
    await write(response, chunk);
  }
  // A client that is gone by now lets `end` wait for ever.
  await new Promise<void>((resolve) => {
    if (response.destroyed) return resolve();
    response.once("close", resolve).end(resolve);
  });
}

/** Resolves when the kernel has the bytes: what was written before a reset should reach the client. */
function write(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // What waits for a socket that is gone is never called back.
    const onClose = () => reject(new Error("the client is gone"));
    response.once("close", onClose);
    response.write(chunk, (error) => {
      response.off("close", onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}

function toHeaders(raw: string[], faults: Fault[]): string[] {
  let pairs: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    pairs.push([raw[index] ?? "", raw[index + 1] ?? ""]);
  const drop = (name: string) => {
    pairs = pairs.filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  };
  const set = (name: string, value: string) => {
    drop(name);
    pairs.push([name, value]);
  };
  if (faults.some(changesLength)) {
    drop("Content-Length");
    set("Transfer-Encoding", "chunked");
  }
  if (findFault(faults, "gzip-response") !== null) set("Content-Encoding", "gzip");
  for (const fault of faults) {
    if (fault.kind !== "change-response-headers") continue;
    for (const name of fault.remove ?? []) drop(name);
    for (const [name, value] of Object.entries(fault.set ?? {})) set(name, value);
  }
  return pairs.flat();
}
