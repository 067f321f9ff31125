export type TakeCommandInput = {
  /** What CONSUL_HTTP_ADDR takes: host:port, http://, https:// or unix:///path. */
  address: string | null;
  datacenter: string;
  stale: boolean;
  /** The cluster has a CA of its own, so both tools need its file. */
  ownCa: boolean;
};

const fallbackAddress = "127.0.0.1:8500";

/** Quotes for a POSIX shell only when needed, as a person would write it. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9._:/=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const fileName = (datacenter: string): string => shellQuote(`${datacenter.replaceAll("/", "_")}.snap`);

/** Long commands are broken where a person would break them, still ready to be pasted as a whole. */
const lines = (...parts: string[][]): string => parts.map((part) => part.join(" ")).join(" \\\n    ");

/** `consul snapshot save`; it reads the token from CONSUL_HTTP_TOKEN, so no token stands in the shell's history. */
export function consulCommand(input: TakeCommandInput): string {
  return lines(
    ["consul snapshot save", `-http-addr=${shellQuote(input.address ?? fallbackAddress)}`],
    [
      `-datacenter=${shellQuote(input.datacenter)}`,
      ...(input.stale ? ["-stale"] : []),
      ...(input.ownCa ? ["-ca-file=ca.pem"] : []),
      fileName(input.datacenter),
    ],
  );
}

/** The same request by curl. `-f`, because an error must not end up in a file that looks like an archive. */
export function curlCommand(input: TakeCommandInput): string {
  const address = input.address ?? fallbackAddress;
  const socket = address.startsWith("unix://") ? address.slice("unix://".length) : null;
  const base = socket !== null ? "http://localhost" : address.includes("://") ? address : `http://${address}`;
  const query = `dc=${encodeURIComponent(input.datacenter)}${input.stale ? "&stale" : ""}`;
  return lines(
    [
      "curl -fsS",
      ...(socket === null ? [] : [`--unix-socket ${shellQuote(socket)}`]),
      ...(input.ownCa ? ["--cacert ca.pem"] : []),
      '-H "X-Consul-Token: $CONSUL_HTTP_TOKEN"',
      `-o ${fileName(input.datacenter)}`,
    ],
    [`"${base.replace(/\/$/, "")}/v1/snapshot?${query}"`],
  );
}
