/** What {@link startFaultProxy} can do to the traffic. Several at once work together, in the order of their use. */
export type Fault =
  | CutResponse
  /** Writes the text after the last byte of the body and ends the body cleanly, as Consul does on a late error. */
  | { kind: "append-to-response"; text: string | Uint8Array }
  /** Turns one bit of the body over; a negative place counts from its end (-1 is the last byte). */
  | { kind: "flip-response-bit"; atByte: number; bit?: number }
  /** Headers and body come this much later, as from a server that first writes the archive to its disk. */
  | { kind: "delay-first-byte"; delayMs: number }
  /** Compresses the body once more and says so in Content-Encoding, whatever the client had asked for. */
  | { kind: "gzip-response" }
  | { kind: "throttle-response"; bytesPerSecond: number }
  /** Calls the hook, and waits for it, before the byte at this place (0 is the first) is passed on. */
  | { kind: "at-response-byte"; atByte: number; run: () => void | Promise<void> }
  /** Shows every piece of the body at this place in the row of faults, without changing it. */
  | { kind: "tap-response"; see: (chunk: Uint8Array) => void }
  | { kind: "change-response-headers"; remove?: string[]; set?: Record<string, string> }
  /** The target gets the whole request and acts on it, but the client hears this instead of its answer. */
  | { kind: "answer-after-upload"; status: number; text: string; headers?: Record<string, string> }
  /** The target hears nothing; the client's body is not even read. */
  | { kind: "answer-at-once"; status: number; text: string; headers?: Record<string, string> }
  | CutRequest
  | HoldExchange
  /** Nothing listens: the client's connection is refused, and those that stand are reset. */
  | { kind: "refuse-connections" };

export interface CutResponse {
  kind: "cut-response";
  at: { afterBytes: number } | { beforeEndBytes: number };
  /**
   * "clean" ends the body as if it were whole (a known length is turned into chunks for it); "reset" sends a
   * TCP reset, which may take the last bytes before it along; "close" closes the connection in the middle of
   * the body, and every byte before arrives.
   */
  ending: "clean" | "reset" | "close";
}

export interface CutRequest {
  kind: "cut-request";
  /**
   * "before-body": the target hears nothing. `afterBytes`: the target gets that much of the body, then both
   * connections are cut. "after-body": the target gets all and answers, and the client never hears it.
   */
  when: "before-body" | { afterBytes: number } | "after-body";
}

/** Stands still until the test lets go; made by `hold` of the proxy. */
export interface HoldExchange {
  kind: "hold";
  /**
   * "answer": the target has the whole request and has answered, and the client hears nothing of it yet.
   * `afterBytes`: the target has that much of the request's body, and the client can't get rid of the rest.
   */
  at: "answer" | { afterBytes: number };
  onHeld: () => void;
  until: Promise<void>;
}

/** Narrows a fault to some requests; without it a fault meets all. `times` counts the requests that it met. */
export interface FaultScope {
  method?: string;
  path?: string | RegExp;
  times?: number;
}

export interface SeenRequest {
  method: string;
  /** Path and query as the client sent them. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  rawHeaders: string[];
  /** Bytes of the request's body that went on to the target. */
  requestBodyBytes: number;
  /** What the client was told; null until then and where it was told nothing. */
  status: number | null;
  /** Bytes of the answer's body that were given to the client's connection. */
  responseBodyBytes: number;
  /** The kinds of the faults that met this request. */
  faults: Fault["kind"][];
  /** True once the exchange is over, whichever way. */
  finished: boolean;
}
