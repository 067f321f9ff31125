import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Provider } from "oidc-provider";
import { reservePorts } from "./free-ports.ts";

/** Somebody at the identity provider; tests change what it says of them. */
export type OidcPerson = {
  sub: string;
  email: string;
  email_verified: boolean;
  preferred_username: string;
  groups: string[];
};

export const oidcClient = { id: "snapkeep", secret: "the-secret-of-the-test-client" };

/** What `startOidcProvider` knows, by the name that one signs in with there. */
export const oidcPeople = (): Record<string, OidcPerson> => ({
  grace: person("grace", ["sre-leads"]),
  linus: person("linus", ["sre", "coffee"]),
  mallory: person("mallory", ["interns"]),
});

function person(name: string, groups: string[]): OidcPerson {
  const email = `${name}@acme.example`;
  return { sub: `sub-of-${name}`, email, email_verified: true, preferred_username: name, groups };
}

export type OidcProvider = Awaited<ReturnType<typeof startOidcProvider>>;

/**
 * A real OpenID provider on loopback. Whoever signs in only types a name; all the rest is the real thing: PKCE is
 * demanded, tokens are signed, codes work once.
 */
export async function startOidcProvider(redirectUris: string[]) {
  const reserved = await reservePorts(1);
  const port = reserved.ports[0] ?? 0;
  const issuer = `http://127.0.0.1:${port}`;
  const people = oidcPeople();
  const seen: URL[] = [];
  const provider = createProvider(issuer, redirectUris, people);
  const callback = provider.callback();
  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url ?? "/", issuer);
    seen.push(url);
    if (url.pathname.startsWith("/interaction/")) await interact(provider, people, req, res);
    else await callback(req, res);
  };
  let server: Server | null = null;

  const start = async () => {
    if (server !== null) return;
    const next = createServer((req, res) => {
      // A browser asks for it by itself, and calls a 404 an error.
      if (req.url === "/favicon.ico") return void res.writeHead(204).end();
      handle(req, res).catch((error: unknown) => res.writeHead(500).end(String(error)));
    });
    await new Promise<void>((resolve, reject) => {
      next.once("error", reject);
      next.listen(port, "127.0.0.1", resolve);
    });
    server = next;
  };
  const stop = async () => {
    const running = server;
    server = null;
    if (running === null) return;
    running.closeAllConnections();
    await new Promise((resolve) => running.close(resolve));
  };
  await start();
  return {
    issuer,
    people,
    /** Every request that came, for what it asked. */
    seen,
    /** An outage: nobody listens any more. */
    stop,
    /** After an outage, with the same people and keys. */
    start,
    async remove() {
      await stop();
      reserved.release();
    },
  };
}

function createProvider(
  issuer: string,
  redirectUris: string[],
  people: Record<string, OidcPerson>,
): Provider {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        client_id: oidcClient.id,
        client_secret: oidcClient.secret,
        redirect_uris: redirectUris,
        response_types: ["code"],
        grant_types: ["authorization_code"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "test", use: "sig", alg: "RS256" }] },
    cookies: { keys: [randomBytes(24).toString("hex")] },
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["preferred_username", "groups"],
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => {
      const found = Object.values(people).find((one) => one.sub === sub);
      return found === undefined ? undefined : { accountId: sub, claims: async () => ({ ...found }) };
    },
    // Nobody is asked for consent: the company has given it for all.
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  return provider;
}

const form = (action: string) => `<!doctype html><html lang="en"><title>Acme sign-in</title>
<form method="post" action="${action}"><label>Login <input name="login" autofocus></label>
<button>Continue</button></form></html>`;

async function interact(
  provider: Provider,
  people: Record<string, OidcPerson>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (req.method !== "POST") {
    res.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(form(req.url ?? "/"));
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const login = new URLSearchParams(Buffer.concat(chunks).toString("utf8")).get("login") ?? "";
  const accountId = people[login]?.sub;
  const result = accountId === undefined ? { error: "access_denied" } : { login: { accountId } };
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
}
