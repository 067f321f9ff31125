import { Trouble } from "./trouble.mjs";

/** A signed-in caller of Snapkeep's JSON interface, the way a browser is one: with a cookie and an origin. */
export class ApiClient {
  #cookies = new Map();

  constructor(baseUrl) {
    this.baseUrl = baseUrl;
  }

  get(path) {
    return this.#call("GET", path);
  }

  post(path, body) {
    return this.#call("POST", path, body);
  }

  async #call(method, path, body) {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      redirect: "manual",
      headers: {
        accept: "application/json",
        origin: this.baseUrl,
        ...(this.#cookies.size === 0 ? {} : { cookie: [...this.#cookies.values()].join("; ") }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair] = cookie.split(";");
      this.#cookies.set(pair.split("=")[0], pair);
    }
    const text = await response.text();
    if (!response.ok) throw new Trouble(`${method} ${path} answered ${response.status}: ${sentenceOf(text)}`);
    return text === "" ? null : JSON.parse(text);
  }
}

/** The sentence of a problem document, or the beginning of whatever came instead. */
function sentenceOf(text) {
  try {
    const problem = JSON.parse(text);
    return problem.detail ?? problem.title ?? text;
  } catch {
    return text.slice(0, 300);
  }
}
