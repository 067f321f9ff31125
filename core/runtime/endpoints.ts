import type { Operations } from "./operations.ts";

/** One way into the JSON API. Path parameters stand in braces, as in OpenAPI. */
export type Endpoint = {
  method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** Below `/api/v1`. */
  path: string;
  operation: keyof Operations;
  status: 200 | 201 | 202;
  tag:
    | "clusters"
    | "snapshots"
    | "contents"
    | "comparisons"
    | "restores"
    | "drills"
    | "recoveries"
    | "audit"
    | "tokens";
  summary: string;
  /** Bytes instead of JSON: served by `server/`, for API tokens alone. Browsers have tickets. */
  bytes?: { requestType?: string; responseTypes?: readonly string[] };
};

type Row = readonly [method: Endpoint["method"], path: string, operation: keyof Operations, summary: string];

const ofTag = (tag: Endpoint["tag"], rows: readonly Row[]): Endpoint[] =>
  rows.map(([method, path, operation, summary]) => ({
    method,
    path,
    operation,
    summary,
    tag,
    status: beginsSomething(method, operation) ? 202 : 200,
  }));

/** Takes, comparisons and restores go on after the answer, which holds their id. */
function beginsSomething(method: Endpoint["method"], operation: keyof Operations): boolean {
  return (
    method === "POST" &&
    /\.(take|start|startPreflight|returnToSafety|checkAgain|approve|plan|apply|undo)$/.test(operation)
  );
}

/**
 * The JSON API: what is here is served, described in the OpenAPI document and shown on its page, and nothing else
 * is. Inputs and answers are those of the operations.
 */
export const endpoints: readonly Endpoint[] = [
  ...ofTag("clusters", [
    ["GET", "/clusters", "clusters.list", "The clusters that you may see"],
    ["POST", "/clusters", "clusters.create", "Add a cluster"],
    ["POST", "/clusters/test", "clusters.test", "Test a connection without saving it"],
    ["PUT", "/clusters/{id}", "clusters.update", "Change a cluster"],
    ["DELETE", "/clusters/{id}", "clusters.remove", "Forget a cluster; its snapshots stay"],
    ["GET", "/datacenters", "clusters.datacenters", "Datacenters and their health"],
    [
      "GET",
      "/clusters/{clusterId}/datacenters/{datacenter}/servers",
      "clusters.servers",
      "What each server of a datacenter answers now",
    ],
  ]),
  ...ofTag("snapshots", [
    ["GET", "/snapshots", "snapshots.list", "The history, newest first, in pages"],
    ["POST", "/snapshots", "snapshots.take", "Take a snapshot"],
    ["GET", "/snapshots/summary", "snapshots.summary", "Freshness of each datacenter"],
    ["GET", "/snapshots/{id}", "snapshots.get", "One snapshot with everything known of it"],
    ["DELETE", "/snapshots/{id}", "snapshots.delete", "Delete a snapshot and its archive"],
    ["POST", "/snapshots/{id}/cancel", "snapshots.cancel", "Stop a take that is under way"],
    ["PUT", "/snapshots/{id}/pin", "snapshots.pin", "Pin or unpin"],
    ["GET", "/snapshots/{id}/custody", "audit.custody", "Every touch since it was taken"],
  ]),
  {
    method: "GET",
    path: "/snapshots/{id}/archive",
    operation: "snapshots.download",
    status: 200,
    tag: "snapshots",
    summary: "The archive, byte for byte as Consul sent it; ranges are served",
    bytes: { responseTypes: ["application/x-gzip"] },
  },
  {
    method: "HEAD",
    path: "/snapshots/{id}/archive",
    operation: "snapshots.archive",
    status: 200,
    tag: "snapshots",
    summary: "Size and SHA-256 (as ETag) of the archive",
    bytes: { responseTypes: ["application/x-gzip"] },
  },
  {
    method: "POST",
    path: "/snapshots/upload",
    operation: "snapshots.beginUpload",
    status: 201,
    tag: "snapshots",
    summary: "Upload an archive as the body; what describes it stands in the query",
    bytes: { requestType: "application/octet-stream" },
  },
  ...ofTag("contents", [
    ["GET", "/snapshots/{id}/contents", "contents.summary", "Record types, counts and bytes"],
    ["GET", "/snapshots/{id}/keys", "contents.children", "Keys and folders below a prefix"],
    ["GET", "/snapshots/{id}/keys/search", "contents.search", "Keys by prefix or pattern"],
    ["GET", "/snapshots/{id}/records", "contents.records", "Records of one kind, secrets redacted"],
    ["GET", "/snapshots/{id}/value", "contents.value", "The value of a key"],
    ["POST", "/snapshots/{id}/value/reveal", "contents.revealValue", "A closed value, with a reason"],
    ["POST", "/snapshots/{id}/records/reveal", "contents.revealRecord", "A record in clear, with a reason"],
  ]),
  ...ofTag("comparisons", [
    ["POST", "/comparisons", "comparisons.start", "Compare two snapshots, or one with the live cluster"],
    ["GET", "/comparisons/{id}", "comparisons.get", "Progress and counts"],
    ["GET", "/comparisons/{id}/differences", "comparisons.differences", "The differences, in pages"],
    ["GET", "/comparisons/{id}/value", "comparisons.value", "A key's value on both sides"],
    ["GET", "/comparisons/{id}/record", "comparisons.record", "A record on both sides"],
    [
      "POST",
      "/comparisons/{id}/value/reveal",
      "comparisons.reveal",
      "A closed value on both sides, with a reason",
    ],
  ]),
  ...ofTag("restores", [
    ["GET", "/restores", "restores.list", "Restores, newest first"],
    ["POST", "/restores", "restores.start", "Restore a snapshot into a datacenter"],
    ["POST", "/restores/preflights", "restores.startPreflight", "Look at everything before a restore"],
    [
      "GET",
      "/restores/preflights/{id}",
      "restores.preflight",
      "What a preflight found, and what would change",
    ],
    [
      "POST",
      "/restores/preflights/{id}/check-token",
      "restores.checkToken",
      "Whether a token is in the snapshot, and manages",
    ],
    ["POST", "/restores/requests", "restores.request", "Ask for a restore that needs a second person"],
    ["GET", "/restores/{id}", "restores.get", "One restore"],
    ["POST", "/restores/{id}/cancel", "restores.cancel", "Stop it before its first byte goes to Consul"],
    ["POST", "/restores/{id}/approve", "restores.approve", "The second person's yes"],
    ["POST", "/restores/{id}/decline", "restores.decline", "The second person's no"],
    ["POST", "/restores/{id}/check", "restores.checkAgain", "Compare again what the datacenter holds"],
    ["POST", "/restores/{id}/finish", "restores.finishWatch", "End the watch: all is well"],
    ["POST", "/restores/{id}/return", "restores.returnToSafety", "Return to the safety snapshot"],
  ]),
  ...ofTag("recoveries", [
    ["GET", "/recoveries", "recoveries.list", "Recoveries of parts, newest first"],
    ["POST", "/recoveries", "recoveries.plan", "Plan what comes back; nothing is written"],
    ["GET", "/recoveries/{id}", "recoveries.get", "One recovery with its counts"],
    ["GET", "/recoveries/{id}/items", "recoveries.items", "What the plan does to each key and record"],
    ["POST", "/recoveries/{id}/apply", "recoveries.apply", "Write the plan to the datacenter"],
    ["POST", "/recoveries/{id}/undo", "recoveries.undo", "Take back what was written"],
  ]),
  ...ofTag("drills", [
    ["GET", "/drills", "drills.list", "Drills, newest first"],
    ["POST", "/drills", "drills.start", "Restore a snapshot into a Consul that is thrown away, to prove it"],
    ["GET", "/drills/ability", "drills.ability", "Whether a drill can run here, and on which Consul"],
    ["GET", "/drills/{id}", "drills.get", "One drill with what came out"],
    ["POST", "/drills/{id}/cancel", "drills.cancel", "Stop a drill that is under way"],
    ["GET", "/drill-schedules", "drills.schedules", "When drills happen by themselves"],
    ["PUT", "/drill-schedules", "drills.saveSchedule", "Set the schedule of a datacenter"],
    ["DELETE", "/drill-schedules/{id}", "drills.removeSchedule", "End a schedule"],
  ]),
  ...ofTag("audit", [
    ["GET", "/audit", "audit.list", "The audit log, newest first, in pages"],
    ["GET", "/audit/facets", "audit.facets", "Actors and actions that occur"],
    ["GET", "/audit/entries/{entry}", "audit.get", "One entry with its place in the chain"],
    ["GET", "/audit/chain", "audit.chain", "What the last check of the hash chain found"],
    ["POST", "/audit/verify", "audit.verify", "Check the whole hash chain"],
    ["GET", "/audit/segments", "audit.segments", "Archived parts of the log"],
    ["POST", "/audit/archive", "audit.archive", "Move old, sealed entries into an archive file"],
  ]),
  {
    method: "GET",
    path: "/audit/export",
    operation: "audit.export",
    status: 200,
    tag: "audit",
    summary: "The entries of a filter as CSV or JSON Lines, streamed",
    bytes: { responseTypes: ["text/csv", "application/jsonl"] },
  },
  ...ofTag("tokens", [
    ["GET", "/tokens", "tokens.list", "API tokens, without their texts"],
    ["DELETE", "/tokens/{id}", "tokens.revoke", "Revoke a token"],
  ]),
];

/** Groups of operations that programs can't use, each with the reason. */
export const withoutEndpoint: readonly { readonly which: RegExp; readonly reason: string }[] = [
  { which: /^people\./, reason: "Only a person in a browser, or the command line, manages people." },
  { which: /^account\./, reason: "A program has no account, no second factor and no sessions." },
  { which: /^tokens\.create$/, reason: "A token that could make tokens could outlive its own end." },
  { which: /^comparisons\.export$/, reason: "The differences are there in pages." },
];

export type Match = { endpoint: Endpoint; params: Record<string, string> };

const compiled = endpoints.map((endpoint) => ({
  endpoint,
  parts: endpoint.path.split("/").slice(1),
}));

/**
 * Which endpoint a path below `/api/v1` is. Fixed parts win over parameters.
 * @returns the endpoint; or the methods that the path knows (none: there is no such path).
 */
export function matchEndpoint(method: string, path: string): Match | { allowed: string[] } {
  const parts = path.split("/").slice(1);
  const fitting = compiled
    .filter(
      ({ parts: wanted }) =>
        wanted.length === parts.length && wanted.every((part, i) => isPart(part, parts[i])),
    )
    .sort((a, b) => parameters(a.parts) - parameters(b.parts));
  const best = fitting.filter(
    ({ parts: wanted }) => parameters(wanted) === parameters(fitting[0]?.parts ?? []),
  );
  const found = best.find(({ endpoint }) => endpoint.method === method);
  if (found === undefined) return { allowed: best.map(({ endpoint }) => endpoint.method) };
  const params = Object.fromEntries(
    found.parts.flatMap((part, i) =>
      isParameter(part) ? [[part.slice(1, -1), decode(parts[i] ?? "")]] : [],
    ),
  );
  return { endpoint: found.endpoint, params };
}

const isParameter = (part: string): boolean => part.startsWith("{");
const parameters = (parts: readonly string[]): number => parts.filter(isParameter).length;
const isPart = (wanted: string, given: string | undefined): boolean =>
  isParameter(wanted) ? given !== undefined && given !== "" : wanted === given;

/** A broken escape is a name that nothing has. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
