/** Where the harness sends a request, and as whom. `httpAddress` is a URL without a slash at its end. */
export interface ConsulTarget {
  httpAddress: string;
  token?: string;
}

export interface ConsulAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/**
 * The harness's own small client, so that the tests of the real client don't rest on the client under test.
 * It reads the whole body as text: archives don't belong here.
 */
export async function askConsul(
  target: ConsulTarget,
  method: string,
  path: string,
  body?: unknown,
  timeoutMs = 20_000,
): Promise<ConsulAnswer> {
  const headers: Record<string, string> =
    target.token === undefined ? {} : { "X-Consul-Token": target.token };
  const response = await fetch(`${target.httpAddress}${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : toBody(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Like {@link askConsul}, but any status other than 200 is an error that repeats Consul's words. */
export async function callConsul<T = unknown>(
  target: ConsulTarget,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await askConsul(target, method, path, body);
  if (answer.status !== 200)
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.trim()}`);
  return (answer.text === "" ? null : JSON.parse(answer.text)) as T;
}

/** Reads one key's bytes, or null where there is no such key. */
export async function readKey(target: ConsulTarget, key: string, query = ""): Promise<string | null> {
  const answer = await askConsul(
    target,
    "GET",
    `/v1/kv/${encodeKey(key)}?raw${query === "" ? "" : `&${query}`}`,
  );
  if (answer.status === 404) return null;
  if (answer.status !== 200)
    throw new Error(`reading ${key} answered ${answer.status}: ${answer.text.trim()}`);
  return answer.text;
}

export async function writeKey(target: ConsulTarget, key: string, value: string | Uint8Array): Promise<void> {
  const answer = await askConsul(target, "PUT", `/v1/kv/${encodeKey(key)}`, value);
  if (answer.status !== 200 || answer.text.trim() !== "true") {
    throw new Error(`writing ${key} answered ${answer.status}: ${answer.text.trim()}`);
  }
}

/** The whole archive, for tests whose states are small. */
export async function fetchArchive(target: ConsulTarget, query = ""): Promise<Buffer> {
  const response = await fetch(`${target.httpAddress}/v1/snapshot${query === "" ? "" : `?${query}`}`, {
    headers: {
      "Accept-Encoding": "identity",
      ...(target.token === undefined ? {} : { "X-Consul-Token": target.token }),
    },
  });
  if (response.status !== 200)
    throw new Error(`/v1/snapshot answered ${response.status}: ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

function encodeKey(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/");
}

function toBody(body: unknown): BodyInit {
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return body as Uint8Array<ArrayBuffer>;
  return JSON.stringify(body);
}
