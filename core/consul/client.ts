import type { Readable } from "node:stream";
import { type Dispatcher, request } from "undici";
import { AppError, isAppError } from "#core/kernel/errors.ts";
import type { TargetPolicy } from "#core/kernel/target-policy.ts";
import { type ConsulConnection, createEndpoints, type Endpoint } from "./connection.ts";
import { fromAnswer, fromFault, isNeverConnected } from "./errors.ts";
import { jsonItems } from "./json-items.ts";

/** Small answers (status, catalog, autopilot) are far below this; more is not Consul. */
const jsonBytesMax = 16 * 1024 * 1024;
const queryTimeoutMs = 10_000;
/** A transaction waits for raft, which a busy leader makes wait. */
const changeTimeoutMs = 30_000;
const errorBytesMax = 64 * 1024;
/**
 * The body stream may hold this much before Consul has to wait. With more, buffers live long enough to be promoted
 * in the heap, and a take spends half of its time on collecting them.
 */
const bodyBufferBytes = 1024 * 1024;

export type HeaderPair = [name: string, value: string];

type Freshness = { index: number | null; knownLeader: boolean | null; lastContactMs: number | null };
type FreshAnswer = Freshness & { json: unknown; address: string };

/** The answer of `GET /v1/snapshot` whose status was 200. Nothing of the body has been read. */
export type SnapshotAnswer = Freshness & {
  requestLine: string;
  /** The address that answered. */
  address: string;
  status: number;
  /** Exactly as received, in order. */
  headers: HeaderPair[];
  firstByteMs: number;
  body: Readable;
};

export type SnapshotRequest = {
  datacenter: string;
  stale: boolean;
  /** For this one act instead of the connection's token. */
  token?: string | undefined;
  /** Only this one of the connection's addresses. */
  address?: string | undefined;
  firstByteTimeoutMs: number;
  idleTimeoutMs: number;
  signal: AbortSignal;
};

export type RestoreRequest = {
  datacenter: string;
  token?: string | undefined;
  bytes: number;
  body: Readable;
  idleTimeoutMs: number;
  answerTimeoutMs: number;
  signal: AbortSignal;
};

export type ChangeRequest = {
  method: "PUT" | "POST" | "DELETE";
  token?: string | undefined;
  body?: string | Buffer;
  timeoutMs?: number;
  /** The longest answer, where Consul may answer with more than a small one. */
  bytesMax?: number;
  signal?: AbortSignal;
};

export type ItemsOptions = {
  token?: string | undefined;
  /** The longest text of one item. */
  itemBytesMax: number;
  firstByteTimeoutMs: number;
  idleTimeoutMs: number;
  signal: AbortSignal;
};

export type QueryOptions = {
  token?: string | undefined;
  /** Only this one of the connection's addresses. */
  address?: string | undefined;
  timeoutMs?: number;
  /** Statuses besides 200 whose body is an answer all the same. */
  acceptStatuses?: number[];
};

export type ConsulClient = ReturnType<typeof createConsulClient>;

/**
 * Talks to one cluster through its HTTP API. Addresses are tried in order, but for the one that answered the
 * last query, which comes first; the next one only when the one before could not be reached: what has reached
 * Consul is never sent twice.
 * Failures are AppErrors in Consul's words (`consul_*` codes).
 * @param targets which addresses may be connected to at all.
 */
export function createConsulClient(connection: ConsulConnection, targets: TargetPolicy) {
  const endpoints = createEndpoints(connection, targets);
  /**
   * Where the last query was answered. A server that hangs would else cost every query its whole time limit,
   * and a snapshot or a restore far more.
   */
  let lastAnswered: Endpoint | null = null;

  function headersFor(token: string | undefined): Record<string, string> {
    const used = token !== undefined && token !== "" ? token : connection.token;
    // Without `identity` Consul's handler compresses the archive a second time.
    const headers: Record<string, string> = { "accept-encoding": "identity", "user-agent": "snapkeep" };
    if (used !== null && used !== "") headers["x-consul-token"] = used;
    return headers;
  }

  function chosen(address: string | undefined): Endpoint[] {
    if (address === undefined) return endpoints;
    const found = endpoints.filter((endpoint) => endpoint.address.text === address);
    if (found.length > 0) return found;
    throw new AppError({
      code: "invalid_input",
      field: "address",
      userMessage: `${address} is not an address of this cluster.`,
    });
  }

  async function firstReachable<T>(
    candidates: Endpoint[],
    ask: (endpoint: Endpoint) => Promise<T>,
  ): Promise<T> {
    let last: AppError | null = null;
    for (const endpoint of candidates) {
      try {
        return await ask(endpoint);
      } catch (error) {
        last = isAppError(error) ? error : fromFault(error, endpoint.address.text);
        if (last.code !== "consul_unreachable" && last.code !== "consul_tls") throw last;
      }
    }
    throw last ?? new AppError({ code: "consul_unreachable", userMessage: "This cluster has no address." });
  }

  /** The one that answered the last query comes first. */
  function inOrder(candidates: Endpoint[]): Endpoint[] {
    if (lastAnswered === null || !candidates.includes(lastAnswered)) return candidates;
    return [lastAnswered, ...candidates.filter((endpoint) => endpoint !== lastAnswered)];
  }

  function query(path: string, options: QueryOptions): Promise<FreshAnswer> {
    return firstReachable(inOrder(chosen(options.address)), async (endpoint) => {
      const answer = await queryFrom(endpoint, path, options);
      lastAnswered = endpoint;
      return answer;
    });
  }

  async function queryFrom(endpoint: Endpoint, path: string, options: QueryOptions): Promise<FreshAnswer> {
    const timeoutMs = options.timeoutMs ?? queryTimeoutMs;
    const response = await send(endpoint, path, {
      method: "GET",
      headers: headersFor(options.token),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readText(response.body, jsonBytesMax);
    const accepted = response.statusCode === 200 || options.acceptStatuses?.includes(response.statusCode);
    if (!accepted) throw fromAnswer({ status: response.statusCode, text });
    try {
      const headers = pairs(response.headers);
      return { json: JSON.parse(text) as unknown, address: endpoint.address.text, ...freshness(headers) };
    } catch (cause) {
      throw new AppError({
        code: "consul_error",
        userMessage: `${endpoint.address.text} did not answer like Consul: ${path} is not JSON.`,
        cause,
      });
    }
  }

  return {
    addresses: endpoints.map((endpoint) => endpoint.address.text),

    /** The same addresses, the one that answered the last query first. */
    addressesInOrder: () => inOrder(endpoints).map((endpoint) => endpoint.address.text),

    /** GET of a JSON endpoint, such as `/v1/status/leader?dc=dc1`. Unparsed: the caller knows the shape. */
    getJson: (path: string, options: QueryOptions = {}) => query(path, options).then((answer) => answer.json),

    /** Like getJson, with the three headers that say how fresh the answer is. */
    getFresh: (path: string, options: QueryOptions = {}) => query(path, options),

    /**
     * GET of an endpoint that answers a list of any length, such as `/v1/kv/?recurse`: gives the text of one item after
     * the other, as Consul wrote it. 404 is an empty list, as with keys.
     * @throws AppError `consul_broken_stream` when the list ends early.
     */
    getItems: async function* (path: string, wanted: ItemsOptions): AsyncGenerator<string> {
      const response = await firstReachable(inOrder(endpoints), (endpoint) =>
        send(endpoint, path, {
          method: "GET",
          headers: headersFor(wanted.token),
          headersTimeout: wanted.firstByteTimeoutMs,
          bodyTimeout: wanted.idleTimeoutMs,
          highWaterMark: bodyBufferBytes,
          signal: wanted.signal,
        }),
      );
      if (response.statusCode !== 200) {
        const text = await readText(response.body, errorBytesMax);
        if (response.statusCode === 404) return;
        throw fromAnswer({ status: response.statusCode, text });
      }
      yield* jsonItems(response.body, wanted.itemBytesMax);
    },

    /**
     * Asks one server to change something, or to answer a question that comes with a body. Sent to the address that
     * answered last, and never a second time once it may have arrived.
     * @returns whatever Consul answered, refusals included: what a 409 means, only the caller knows.
     * @throws AppError when no answer came (`consul_unreachable` and its like): the change may have happened then,
     *   unless the connection was never made.
     */
    change: async (path: string, wanted: ChangeRequest): Promise<{ status: number; text: string }> => {
      const timeoutMs = wanted.timeoutMs ?? changeTimeoutMs;
      let last: unknown = null;
      for (const endpoint of inOrder(endpoints)) {
        try {
          const response = await send(endpoint, path, {
            method: wanted.method,
            headers: { ...headersFor(wanted.token), "content-type": "application/json" },
            body: wanted.body ?? null,
            headersTimeout: timeoutMs,
            bodyTimeout: timeoutMs,
            signal: AbortSignal.any([
              AbortSignal.timeout(timeoutMs),
              ...(wanted.signal === undefined ? [] : [wanted.signal]),
            ]),
          });
          lastAnswered = endpoint;
          return {
            status: response.statusCode,
            text: await readText(response.body, wanted.bytesMax ?? jsonBytesMax),
          };
        } catch (error) {
          if (!isNeverConnected(error)) throw error;
          last = error;
        }
      }
      throw last ?? new AppError({ code: "consul_unreachable", userMessage: "This cluster has no address." });
    },

    /**
     * `GET /v1/snapshot?dc=`. Resolves with the body unread once Consul answered 200.
     * @throws AppError in Consul's words for every other answer.
     */
    getSnapshot: (wanted: SnapshotRequest): Promise<SnapshotAnswer> =>
      firstReachable(inOrder(chosen(wanted.address)), async (endpoint) => {
        const path = `/v1/snapshot?dc=${encodeURIComponent(wanted.datacenter)}${wanted.stale ? "&stale=" : ""}`;
        const startedAt = performance.now();
        const response = await send(endpoint, path, {
          method: "GET",
          headers: headersFor(wanted.token),
          headersTimeout: wanted.firstByteTimeoutMs,
          bodyTimeout: wanted.idleTimeoutMs,
          highWaterMark: bodyBufferBytes,
          signal: wanted.signal,
        });
        const firstByteMs = Math.round(performance.now() - startedAt);
        if (response.statusCode !== 200) {
          throw fromAnswer({
            status: response.statusCode,
            text: await readText(response.body, errorBytesMax),
          });
        }
        const headers = pairs(response.headers);
        return {
          requestLine: `GET ${endpoint.address.origin}${path}`,
          address: endpoint.address.text,
          status: response.statusCode,
          headers,
          ...freshness(headers),
          firstByteMs,
          body: response.body,
        };
      }),

    /**
     * `PUT /v1/snapshot?dc=` of a whole archive. Only the first address that takes the connection is used.
     * Resolves with whatever Consul answered; rejects with the raw fault when no answer came, because what
     * that means depends on how far the body had got, which only the caller knows.
     */
    putSnapshot: async (
      wanted: RestoreRequest,
      address: string,
    ): Promise<{ status: number; text: string }> => {
      const [endpoint] = chosen(address);
      if (endpoint === undefined)
        throw new AppError({ code: "consul_unreachable", userMessage: "This cluster has no address." });
      const response = await request(
        `${endpoint.address.origin}/v1/snapshot?dc=${encodeURIComponent(wanted.datacenter)}`,
        {
          dispatcher: endpoint.dispatcher,
          method: "PUT",
          headers: {
            ...headersFor(wanted.token),
            "content-type": "application/octet-stream",
            "content-length": String(wanted.bytes),
          },
          body: wanted.body,
          // Consul answers only after raft has applied everything, which has no limit of its own; but one that
          // never answers must not keep everybody else out.
          headersTimeout: wanted.answerTimeoutMs,
          bodyTimeout: wanted.idleTimeoutMs,
          signal: wanted.signal,
        },
      );
      return { status: response.statusCode, text: await readText(response.body, errorBytesMax) };
    },

    /** Lets what is under way end, and takes nothing new. */
    closeGently: () =>
      Promise.all(endpoints.map((endpoint) => endpoint.dispatcher.close())).then(() => undefined),

    close: () =>
      Promise.all(endpoints.map((endpoint) => endpoint.dispatcher.destroy())).then(() => undefined),
  };
}

type SendOptions = Omit<Dispatcher.RequestOptions, "origin" | "path"> & { responseHeaders?: "raw" };

async function send(
  endpoint: Endpoint,
  path: string,
  options: SendOptions,
): Promise<Dispatcher.ResponseData> {
  try {
    return await request(`${endpoint.address.origin}${path}`, {
      ...options,
      dispatcher: endpoint.dispatcher,
      responseHeaders: "raw",
    });
  } catch (error) {
    if (
      options.signal instanceof AbortSignal &&
      options.signal.aborted &&
      isAppError(options.signal.reason)
    ) {
      throw options.signal.reason;
    }
    throw fromFault(error, endpoint.address.text);
  }
}

async function readText(body: Readable, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      body.destroy();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** undici gives raw headers as one flat list when asked for them raw. */
function pairs(raw: unknown): HeaderPair[] {
  const flat = Array.isArray(raw) ? raw.map(String) : [];
  const result: HeaderPair[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i] ?? "", flat[i + 1] ?? ""]);
  return result;
}

function freshness(headers: HeaderPair[]): Freshness {
  return {
    index: numberHeader(headers, "x-consul-index"),
    knownLeader: booleanHeader(headers, "x-consul-knownleader"),
    lastContactMs: numberHeader(headers, "x-consul-lastcontact"),
  };
}

function header(headers: HeaderPair[], name: string): string | null {
  return headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1] ?? null;
}

function numberHeader(headers: HeaderPair[], name: string): number | null {
  const text = header(headers, name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function booleanHeader(headers: HeaderPair[], name: string): boolean | null {
  const text = header(headers, name);
  return text === "true" ? true : text === "false" ? false : null;
}
