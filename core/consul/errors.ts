import { AppError } from "#core/kernel/errors.ts";

/** Consul's answer when it is an error: a status and its bare text. */
export type ConsulAnswer = { status: number; text: string };

const textCharsMax = 600;

/** What every refused token is answered with, whatever Consul's own words were. */
export const tokenHelp = 'Snapshots and restores need a token with acl = "write" (a management token).';

/** One line of what Consul said, cut to a length that a screen can show. */
export function cleanText(text: string): string {
  const printable = Array.from(text, (char) => (char < " " || char === "\u007f" ? " " : char)).join("");
  const line = printable.replace(/\s+/g, " ").trim();
  return line.length > textCharsMax ? `${line.slice(0, textCharsMax)}…` : line;
}

/** Turns a status other than 200 into a failure that speaks in Consul's words and says what would help. */
export function fromAnswer(answer: ConsulAnswer): AppError {
  const said = cleanText(answer.text);
  const quoted = said === "" ? `Consul answered ${answer.status} without a text` : said;
  const fail = (code: AppError["code"], help: string, retryable = false) =>
    new AppError({ code, userMessage: help === "" ? quoted : `${quoted}. ${help}`, retryable });

  if (/no cluster leader|raft leader not found|leadership has not been established/i.test(said)) {
    return fail("consul_no_leader", "", true);
  }
  if (/no path to datacenter/i.test(said)) {
    return fail(
      "consul_unknown_datacenter",
      "No server of this cluster knows that datacenter, or its WAN link is down.",
    );
  }
  if (answer.status === 403 || /permission denied|acl not found/i.test(said)) {
    return fail("consul_denied", tokenHelp);
  }
  if (answer.status === 429 || answer.status === 503)
    return fail("consul_error", "Consul asks to slow down.", true);
  if (answer.status === 413) {
    return fail("consul_error", "A proxy between Snapkeep and Consul refuses bodies of this size.");
  }
  return fail("consul_error", "", answer.status >= 500);
}

type NetworkFault = {
  code?: unknown;
  name?: unknown;
  message?: unknown;
  cause?: unknown;
  errors?: unknown;
  socket?: { bytesRead?: unknown } | null;
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function innermost(error: unknown): NetworkFault {
  let current = error as NetworkFault;
  for (let depth = 0; depth < 5; depth += 1) {
    const inner = Array.isArray(current.errors) ? current.errors[0] : current.cause;
    if (typeof inner !== "object" || inner === null) break;
    current = inner as NetworkFault;
  }
  return current;
}

const tlsCodes =
  /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO|INVALID_CA)/;

const words: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed by the other side",
  ENOTFOUND: "the name can't be resolved",
  EAI_AGAIN: "the name can't be resolved right now",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "the network is unreachable",
  ETIMEDOUT: "timed out",
  ETARGETREFUSED: "the name leads to an address that Snapkeep doesn't connect to",
  ENOENT: "the socket file doesn't exist",
  EACCES: "the socket file may not be opened",
  // A time limit of our own (AbortSignal.timeout) has a name instead of a code in letters.
  TimeoutError: "timed out",
  UND_ERR_CONNECT_TIMEOUT: "timed out while connecting",
  UND_ERR_HEADERS_TIMEOUT: "no answer in time",
  UND_ERR_BODY_TIMEOUT: "the stream stood still for too long",
  UND_ERR_SOCKET: "the connection was closed",
};

/** Short words for a connection's fault: "connection refused". */
export function faultWords(error: unknown): string {
  const fault = innermost(error);
  const message = textOf(fault.message);
  return (
    words[textOf(fault.code)] ??
    words[textOf(fault.name)] ??
    (message === "" ? "unknown fault" : cleanText(message))
  );
}

/**
 * With TLS 1.3 a server judges the client's certificate after the handshake; its alert gets lost between
 * Node and undici, and what is left is a connection that ends without a byte.
 */
function isSilentClose(fault: NetworkFault): boolean {
  return fault.code === "UND_ERR_SOCKET" && fault.socket?.bytesRead === 0;
}

/** Whether a fault came before anything could have been sent, so that asking another address repeats nothing. */
export function isNeverConnected(error: unknown): boolean {
  const { code } = innermost(error);
  return typeof code === "string" && neverConnected.has(code);
}
const neverConnected: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETARGETREFUSED",
  "ENOENT",
  "EACCES",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Turns what the network threw into a failure that names the address and the reason. */
export function fromFault(error: unknown, addressText: string): AppError {
  const fault = innermost(error);
  const code = textOf(fault.code);
  const text = textOf(fault.message);
  if (tlsCodes.test(code) || /certificate|self.signed|altnames|wrong version number|tls/i.test(text)) {
    return new AppError({
      code: "consul_tls",
      userMessage: `TLS with ${addressText} fails: ${cleanText(text) || code}. Check the CA certificate, the server name and the client certificate of this cluster.`,
      cause: error,
    });
  }
  if (isSilentClose(fault) && addressText.startsWith("https://")) {
    return new AppError({
      code: "consul_tls",
      userMessage: `TLS with ${addressText} fails: the connection was closed before any answer, as by a server that wants another client certificate. Check the CA certificate, the server name and the client certificate of this cluster.`,
      retryable: true,
      cause: error,
    });
  }
  return new AppError({
    code: "consul_unreachable",
    userMessage: `${addressText} can't be reached: ${faultWords(error)}.`,
    retryable: true,
    cause: error,
  });
}
