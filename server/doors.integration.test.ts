import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endpoints } from "#core/runtime/endpoints.ts";
import { type ServerProcess, startServerProcess } from "#core/testing/server-process.ts";

/** Every way in, read from the file system, so that a new one is tried without being entered here. */
const projectFolder = path.join(import.meta.dirname, "..");
const appFolder = path.join(projectFolder, "app");

const filesNamed = (name: string) =>
  readdirSync(appFolder, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === name && !file.startsWith("_"))
    .sort();
/** `(console)/snapshots/[id]/page.tsx` is served at `/snapshots/x1`. */
const urlOf = (file: string) => {
  const parts = path.dirname(file).split(path.sep);
  const shown = parts.filter((part) => part !== "." && !/^\(.*\)$/.test(part));
  return `/${shown.map((part) => part.replace(/^\[.*\]$/, "x1")).join("/")}`;
};

const methodNames = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const methodsOf = (file: string) => {
  const source = readFileSync(path.join(appFolder, file), "utf8");
  return methodNames.filter((method) =>
    new RegExp(`export (?:const|(?:async )?function) ${method}\\b`).test(source),
  );
};
/** The JSON API's own table says what its one route serves; each other route is a file. */
const tablePath = path.join("api", "v1", "[...path]", "route.ts");
const fileRoutes = filesNamed("route.ts")
  .filter((file) => file !== tablePath)
  .flatMap((file) => methodsOf(file).map((method) => [method, urlOf(file)] as const));
const tableRoutes = endpoints.map(
  ({ method, path: url }) => [method, `/api/v1${url.replaceAll(/\{\w+\}/g, "x1")}`] as const,
);
const openReads = ["/api/auth/callback/x1"];
const routes = [...fileRoutes, ...tableRoutes, ["GET", "/api/v1/openapi.json"] as const];
const reads = routes.filter(([method, url]) => method === "GET" && !openReads.includes(url));
const changes = routes.filter(([method]) => method !== "GET" && method !== "HEAD");
const pages = filesNamed("page.tsx").map((file) => [urlOf(file), file.startsWith("(console)")] as const);

/** The whole list of what answers without a session. */
const openPages = ["/setup", "/sign-in"];
const openChanges = ["/api/v1/setup", "/api/v1/sign-in"];

/** Stands in the records, and so in every page that shows a cluster; nobody without a session may see it. */
const canary = "door-canary.invalid";
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess({
    CONSUL_HTTP_ADDR: `http://${canary}:8500`,
    // Refusals for want of a session are told at this level alone.
    SNAPKEEP_LOG_LEVEL: "debug",
  });
});
afterAll(() => server?.stop());

type Sent = { headers?: Record<string, string>; signedIn?: boolean; body?: string };

async function ask(method: string, url: string, { headers = {}, signedIn = false, body }: Sent = {}) {
  const cookie: Record<string, string> = signedIn ? { Cookie: server.cookie } : {};
  const answer = await fetch(`${server.origin}${url}`, {
    method,
    redirect: "manual",
    headers: { ...cookie, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: answer.status,
    type: answer.headers.get("content-type")?.split(";")[0] ?? null,
    location: answer.headers.get("location"),
    headers: answer.headers,
    text: await answer.text(),
  };
}
type Answer = Awaited<ReturnType<typeof ask>>;

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer).toMatchObject({ status, type: "application/problem+json" });
  expect(JSON.parse(answer.text)).toMatchObject({ status, code, requestId: expect.stringMatching(/^req-/) });
  expect(answer.headers.get("cache-control")).toContain("no-store");
}
const ownOrigin = () => ({ Origin: server.origin });

describe("the lists of this test", () => {
  it("hold what there is: routes, pages and exactly the open ones", () => {
    expect(reads.length).toBeGreaterThan(20);
    expect(changes.length).toBeGreaterThan(15);
    expect(fileRoutes.map(([method, url]) => `${method} ${url}`)).toEqual([
      "GET /api/auth/callback/x1",
      "GET /api/v1/session",
      "POST /api/v1/setup",
      "POST /api/v1/sign-in",
    ]);
    expect(filesNamed("route.ts")).toContain(tablePath);
    expect(pages.length).toBeGreaterThan(8);
    expect(pages.filter(([, inConsole]) => !inConsole).map(([url]) => url)).toEqual(openPages);
  });
});

describe("without a session", () => {
  it.each(reads)("%s %s is 401", async (method, url) => {
    expectProblem(await ask(method, url), 401, "unauthenticated");
    expectProblem(
      await ask(method, url, { headers: { Cookie: "snapkeep.session_token=made-up" } }),
      401,
      "unauthenticated",
    );
  });

  it.each(changes)(
    "%s %s is 403 when it doesn't come from a page of ours, with a session too",
    async (method, url) => {
      const elsewhere: Record<string, string>[] = [
        {},
        { Origin: "null" },
        { Origin: "https://evil.example" },
        { Origin: `${server.origin}.evil.example` },
      ];
      for (const signedIn of [false, true]) {
        for (const headers of elsewhere) {
          expectProblem(await ask(method, url, { headers, signedIn, body: "{}" }), 403, "forbidden");
        }
      }
    },
  );

  it.each(changes)(
    "%s %s is 401 from a page of ours, unless it is there to get a session",
    async (method, url) => {
      const answer = await ask(method, url, { headers: ownOrigin(), body: "{}" });
      if (openChanges.includes(url)) expectProblem(answer, 400, "invalid_input");
      else expectProblem(answer, 401, "unauthenticated");
    },
  );

  it.each([
    ["GET", "/stream/downloads/t-1.x"],
    ["HEAD", "/stream/downloads/t-1.x"],
    ["PUT", "/stream/uploads/t-1.x"],
    ["GET", "/stream/"],
    ["POST", "/stream/anything"],
  ])("%s %s is 401", async (method, url) => {
    const answer = await ask(method, url, { headers: ownOrigin() });
    if (method === "HEAD") expect(answer.status).toBe(401);
    else expectProblem(answer, 401, "unauthenticated");
  });

  it.each(pages.filter(([, inConsole]) => inConsole))(
    "the page %s leads to the sign-in and shows nothing",
    async (url) => {
      const answer = await ask("GET", url);
      const next = url === "/" ? "" : `?next=${encodeURIComponent(url)}`;
      expect(`${answer.status} ${answer.location}`).toBe(`307 /sign-in${next}`);
      expect(answer.text).not.toContain(canary);
    },
  );

  // In the browser Next asks for a page's part alone, and says which layouts it has already: a check that
  // stands only in the layout is then not asked.
  it.each(pages)("the part of %s that a navigation loads shows nothing", async (url) => {
    const tree = [
      "",
      { children: ["(console)", { children: ["elsewhere", { children: ["__PAGE__", {}] }] }] },
      null,
      null,
      true,
    ];
    const headers = { RSC: "1", "Next-Router-State-Tree": encodeURIComponent(JSON.stringify(tree)) };
    const answer = await ask("GET", url, { headers });
    expect(answer.text).not.toContain(canary);
  });

  it.each(openPages)("the page %s is open, and knows nothing of the records", async (url) => {
    const answer = await ask("GET", url);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain(canary);
  });

  // Enter before the page's script has come lets the browser send the form itself.
  it.each(openPages)("no form of %s would put a password or a token into the address", async (url) => {
    const { text } = await ask("GET", url);
    const forms = text.match(/<form\b.*?<\/form>/gs) ?? [];
    const secret = forms.filter((form) => /type="password"|name="(?:setupToken|code)"/.test(form));
    if (url === "/sign-in") expect(secret).toHaveLength(1);
    for (const form of secret) expect(/^<form\b[^>]*>/.exec(form)?.[0]).toMatch(/ method="post"/i);
    const sent = await ask("POST", url, {
      headers: { ...ownOrigin(), "Content-Type": "application/x-www-form-urlencoded" },
      body: "username=grace&password=early-enter&setupToken=early-enter",
    });
    expect(sent.status).toBe(200);
    expect(sent.text).not.toContain("early-enter");
  });

  it("the health question is answered with one word", async () => {
    expect(await ask("GET", "/healthz")).toMatchObject({ status: 200, text: "ok\n" });
  });

  it("the scripts and styles of the open pages are served", async () => {
    const { text } = await ask("GET", "/sign-in");
    const assets = [...new Set(text.match(/\/_next\/static\/[^"\\]+\.(?:js|css)/g))];
    expect(assets.length).toBeGreaterThan(2);
    for (const url of assets) expect((await ask("GET", url)).status, url).toBe(200);
  });

  it.each([
    "/.env",
    "/package.json",
    "/dist/main.mjs",
    "/..%2f..%2fetc/passwd",
    "/api/auth/sign-up/email",
    "/api/auth/get-session",
    "/_next/static/../../secret.key",
  ])("%s isn't there", async (url) => {
    const answer = await ask("GET", url);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain(canary);
  });
});

type Manifest = { node: Record<string, { exportedName?: string; filename?: string }> };
const actionIds = (): [string, string][] => {
  const file = path.join(projectFolder, ".next", "server", "server-reference-manifest.json");
  const { node } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  return Object.entries(node).map(([id, action]) => [
    id,
    `${action.filename ?? "?"} ${action.exportedName ?? "?"}`,
  ]);
};

it("what isn't in the API is unknown to whoever is signed in, and hidden from everybody else", async () => {
  expectProblem(await ask("GET", "/api/v1/nope"), 401, "unauthenticated");
  expectProblem(await ask("GET", "/api/v1/nope", { signedIn: true }), 404, "not_found");
});

describe("every server action of the build", () => {
  const open = /sign-in\/actions|setup\/actions/;

  it("answers unauthenticated without a session, unless it is there to get one", async () => {
    const actions = actionIds();
    expect(actions.length).toBeGreaterThan(8);
    for (const [id, name] of actions) {
      const headers = { ...ownOrigin(), "Next-Action": id, "Content-Type": "text/plain;charset=UTF-8" };
      const answer = await ask("POST", "/sign-in", { headers, body: '[{"id":"x"}]' });
      if (open.test(name)) continue;
      expect(answer.text, name).toContain('"code":"unauthenticated"');
      expect(answer.text, name).not.toContain('"ok":true');
    }
  });

  it("is refused when another site's page calls it, with a session too", async () => {
    for (const [id, name] of actionIds()) {
      const headers = {
        Origin: "https://evil.example",
        "Next-Action": id,
        "Content-Type": "text/plain;charset=UTF-8",
      };
      const answer = await ask("POST", "/", { headers, signedIn: true, body: '[{"id":"x"}]' });
      expect(answer.status, name).toBeGreaterThanOrEqual(400);
      expect(answer.text, name).not.toContain('"ok":');
    }
  });
});

describe("with a session", () => {
  it("the same pages and routes show what is there", async () => {
    const clusters = await ask("GET", "/api/v1/clusters", { signedIn: true });
    expect(clusters.status).toBe(200);
    expect(clusters.text).toContain(canary);
    for (const [url, inConsole] of pages) {
      if (inConsole && !url.includes("x1"))
        expect((await ask("GET", url, { signedIn: true })).status, url).toBe(200);
    }
  });

  it("every answer says what a browser may do with it, whatever it is", async () => {
    const file = /\/_next\/static\/[^"\\]+\.js/.exec((await ask("GET", "/sign-in")).text)?.[0] ?? "no file";
    const asked: [number, string, Sent?][] = [
      [200, "/"],
      [200, "/sign-in"],
      [200, "/api/v1/session"],
      [200, "/healthz"],
      [200, file],
      [403, "/stream/downloads/t-1.x"],
      [404, "/nothing/here"],
      [404, "/api/v1/nope"],
      [404, "/_next/static/nope.js"],
      [400, "/api/v1/snapshots?limit=none"],
      [401, "/api/v1/snapshots", { signedIn: false }],
      [403, "/api/v1/snapshots", { headers: { "Sec-Fetch-Site": "cross-site" }, body: "{}" }],
    ];
    for (const [status, url, sent] of asked) {
      const method = sent?.body === undefined ? "GET" : "POST";
      const answer = await ask(method, url, { signedIn: true, ...sent });
      const { headers } = answer;
      expect(answer.status, url).toBe(status);
      expect(headers.get("content-security-policy"), url).toMatch(
        /default-src 'self'; script-src 'self' 'nonce-[^']+'/,
      );
      expect(headers.get("content-security-policy"), url).not.toContain("unsafe");
      expect(headers.get("x-content-type-options"), url).toBe("nosniff");
      expect(headers.get("x-frame-options"), url).toBe("DENY");
      expect(headers.get("x-powered-by"), url).toBeNull();
    }
  });

  it("a refusal leaves a line with its request id, through a route, an action and a stream", async () => {
    const idOf = async (work: Promise<Answer>) => (await work).headers.get("x-request-id") ?? "no id";
    const [id = ""] = actionIds().find(([, name]) => !/sign-in|setup/.test(name)) ?? [];
    const headers = { ...ownOrigin(), "Next-Action": id, "Content-Type": "text/plain;charset=UTF-8" };
    const refused = [
      await idOf(ask("GET", "/api/v1/snapshots")),
      await idOf(ask("POST", "/sign-in", { headers, body: '[{"id":"x"}]' })),
      await idOf(ask("GET", "/stream/downloads/t-1.x")),
      await idOf(ask("POST", "/api/v1/sign-in", { headers: ownOrigin(), body: "{}" })),
    ];
    const lines = server.output().split("\n");
    for (const requestId of refused) {
      const codes = lines.filter((line) => line.includes(requestId)).map((line) => JSON.parse(line).code);
      expect(codes, requestId).toEqual([expect.stringMatching(/^(unauthenticated|invalid_input)$/)]);
    }
  });

  it("nothing secret is in what the server wrote", () => {
    expect(server.output()).not.toContain("correct horse battery staple");
    expect(server.output()).not.toContain(server.cookie.split("=")[1] ?? "no cookie");
  });
});
