import { describe, expect, it } from "vitest";
import type { ErrorCode } from "#core/kernel/errors.ts";
import { cleanText, faultWords, fromAnswer, fromFault } from "./errors.ts";

const management = 'Snapshots and restores need a token with acl = "write" (a management token).';
const wan = "No server of this cluster knows that datacenter, or its WAN link is down.";

describe("an answer other than 200 speaks in Consul's words and says what would help", () => {
  // The texts are Consul's own, from 1.8 to 1.21.
  it.each<[number, string, ErrorCode, boolean, string]>([
    [500, "No cluster leader", "consul_no_leader", true, "No cluster leader"],
    [
      500,
      "Raft leader not found in server lookup mapping",
      "consul_no_leader",
      true,
      "Raft leader not found in server lookup mapping",
    ],
    [
      500,
      "leadership has not been established",
      "consul_no_leader",
      true,
      "leadership has not been established",
    ],
    [500, "No path to datacenter", "consul_unknown_datacenter", false, `No path to datacenter. ${wan}`],
    [403, "Permission denied", "consul_denied", false, `Permission denied. ${management}`],
    [403, "ACL not found", "consul_denied", false, `ACL not found. ${management}`],
    [
      500,
      "rpc error making call: ACL not found",
      "consul_denied",
      false,
      `rpc error making call: ACL not found. ${management}`,
    ],
    [403, "", "consul_denied", false, `Consul answered 403 without a text. ${management}`],
    [
      429,
      "RPC rate limit exceeded",
      "consul_error",
      true,
      "RPC rate limit exceeded. Consul asks to slow down.",
    ],
    [503, "rate limited", "consul_error", true, "rate limited. Consul asks to slow down."],
    [
      413,
      "<html>Request Entity Too Large</html>",
      "consul_error",
      false,
      "<html>Request Entity Too Large</html>. A proxy between Snapkeep and Consul refuses bodies of this size.",
    ],
    [
      500,
      "failed to decompress snapshot: gzip: invalid header",
      "consul_error",
      true,
      "failed to decompress snapshot: gzip: invalid header",
    ],
    [
      400,
      "Client sent an HTTP request to an HTTPS server.\n",
      "consul_error",
      false,
      "Client sent an HTTP request to an HTTPS server.",
    ],
    [500, "", "consul_error", true, "Consul answered 500 without a text"],
  ])("%i %j", (status, text, code, retryable, words) => {
    const error = fromAnswer({ status, text });
    expect({ code: error.code, retryable: error.retryable, words: error.userMessage }).toEqual({
      code,
      retryable,
      words,
    });
  });
});

describe("Consul's text on a screen", () => {
  it("is one line without control characters", () => {
    expect(cleanText("  a\n\tb\u0000\u001b[31mc \u007f\r\n")).toBe("a b [31mc");
  });
  it("is cut when it is long", () => {
    expect(cleanText("x".repeat(10_000))).toBe(`${"x".repeat(600)}…`);
  });
});

const fault = (code: string, message = "x") => Object.assign(new Error(message), { code });

describe("a connection's fault names the address and the reason", () => {
  it.each([
    ["ECONNREFUSED", "connection refused"],
    ["ECONNRESET", "the connection was reset"],
    ["EPIPE", "the connection was closed by the other side"],
    ["ENOTFOUND", "the name can't be resolved"],
    ["ETIMEDOUT", "timed out"],
    ["ENOENT", "the socket file doesn't exist"],
    ["EACCES", "the socket file may not be opened"],
    ["UND_ERR_CONNECT_TIMEOUT", "timed out while connecting"],
    ["UND_ERR_HEADERS_TIMEOUT", "no answer in time"],
    ["UND_ERR_BODY_TIMEOUT", "the stream stood still for too long"],
    ["UND_ERR_SOCKET", "the connection was closed"],
  ])("%s: %s", (code, words) => {
    const error = fromFault(fault(code), "10.0.3.11:8500");
    expect(error.code).toBe("consul_unreachable");
    expect(error.userMessage).toBe(`10.0.3.11:8500 can't be reached: ${words}.`);
    expect(error.retryable).toBe(true);
  });

  it("a time limit of our own reads like any other", () => {
    expect(faultWords(new DOMException("The operation was aborted due to timeout", "TimeoutError"))).toBe(
      "timed out",
    );
  });

  it("the innermost cause speaks, also out of several attempts at once", () => {
    const attempts = new AggregateError([fault("ECONNREFUSED"), fault("ECONNREFUSED")]);
    expect(faultWords(new Error("fetch failed", { cause: attempts }))).toBe("connection refused");
  });

  it("a fault without a code speaks by its message", () => {
    expect(faultWords(new Error("strange\nthing"))).toBe("strange thing");
    expect(faultWords("text")).toBe("unknown fault");
  });

  it.each([
    ["ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"],
    ["CERT_HAS_EXPIRED", "certificate has expired"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "wrong version number"],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tlsv13 alert certificate required"],
    ["EPROTO", "write EPROTO"],
  ])("%s is told apart as TLS, and what to check", (code, message) => {
    const error = fromFault(fault(code, message), "https://a:8501");
    expect(error.code).toBe("consul_tls");
    expect(error.retryable).toBe(false);
    expect(error.userMessage).toBe(
      `TLS with https://a:8501 fails: ${message}. Check the CA certificate, the server name and the client certificate of this cluster.`,
    );
  });
});
