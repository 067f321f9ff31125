import { AppError } from "#core/kernel/errors.ts";

/** Where requests go: an origin for HTTP, and a path when it is a unix socket. */
export type ConsulAddress = {
  /** As it was written, for screens and logs. */
  text: string;
  origin: string;
  host: string;
  tls: boolean;
  socketPath: string | null;
};

const defaultPort = 8500;
const defaultTlsPort = 8501;

/**
 * Reads what CONSUL_HTTP_ADDR takes: `host`, `host:port`, `http://…`, `https://…`, `unix:///path`.
 * @param forceTls CONSUL_HTTP_SSL: an address without a scheme is https.
 * @throws AppError `invalid_input` with a sentence.
 */
export function parseConsulAddress(text: string, forceTls = false): ConsulAddress {
  const trimmed = text.trim();
  if (trimmed.startsWith("unix://")) {
    const socketPath = trimmed.slice("unix://".length);
    if (!socketPath.startsWith("/"))
      throw wrong(text, "a unix address needs an absolute path, like unix:///run/consul.sock");
    return { text: trimmed, origin: "http://localhost", host: "localhost", tls: false, socketPath };
  }
  const withScheme = /^https?:\/\//i.test(trimmed) ? trimmed : `${forceTls ? "https" : "http"}://${trimmed}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw wrong(text, "write it like 10.0.3.11:8500 or https://consul.example.com:8501");
  }
  if (url.username !== "" || url.password !== "")
    throw wrong(text, "it must not hold a user name or password");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw wrong(text, "it must end after the port");
  const tls = url.protocol === "https:";
  // Whoever types only a host most likely means Consul's default port. (Its own tools would take 80 or 443.)
  const hasPort = url.port !== "" || /:\d+\/?$/.test(withScheme);
  const bare = !/^https?:\/\//i.test(trimmed);
  const port = hasPort ? url.port : bare ? String(tls ? defaultTlsPort : defaultPort) : "";
  const origin = `${url.protocol}//${url.hostname}${port === "" ? "" : `:${port}`}`;
  return { text: trimmed, origin, host: url.hostname, tls, socketPath: null };
}

function wrong(text: string, why: string): AppError {
  return new AppError({
    code: "invalid_input",
    field: "addresses",
    userMessage: `The address ${JSON.stringify(text)} can't be used: ${why}.`,
  });
}
