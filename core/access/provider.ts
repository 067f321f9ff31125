import { createHash } from "node:crypto";
import type { GenericOAuthConfig } from "better-auth/plugins/generic-oauth";
import { z } from "zod";
import { providerId } from "./auth.ts";
import type { ProviderProblem } from "./contract.ts";
import type { OidcSettings } from "./oidc-settings.ts";
import { type Claims, nameFrom } from "./provider-claims.ts";

const answerMs = 5_000;
const mailDomain = "oidc.snapkeep.invalid";

const discovery = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  /** Left out it means basic alone. */
  token_endpoint_auth_methods_supported: z.array(z.string()).default(["client_secret_basic"]),
});
export type Discovered = z.output<typeof discovery>;

export class ProviderError extends Error {
  constructor(
    readonly problem: ProviderProblem,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ProviderError";
  }
}

export const discoveryUrl = (issuer: string) =>
  `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;

/**
 * Asks the provider for its addresses. Done when somebody begins to sign in there, never to draw a page.
 * @throws ProviderError `unreachable`; also when another issuer answers than the one that is trusted.
 */
export async function discover(issuer: string): Promise<Discovered> {
  const answer = await fetch(discoveryUrl(issuer), {
    signal: AbortSignal.timeout(answerMs),
    redirect: "error",
  })
    .then((response) => (response.ok ? response.json() : null))
    .catch((cause: unknown) => {
      throw new ProviderError("unreachable", "The issuer does not answer.", cause);
    });
  const parsed = discovery.safeParse(answer);
  if (!parsed.success)
    throw new ProviderError("unreachable", "The issuer's discovery document can't be read.");
  const named = parsed.data.issuer;
  if (named.replace(/\/$/, "") !== issuer.replace(/\/$/, ""))
    throw new ProviderError("unreachable", `The discovery document is of another issuer: ${named}`);
  return parsed.data;
}

/**
 * How the sign-in library talks to the provider: PKCE with S256, state and nonce, and an ID token that is checked
 * against the issuer, the client and the published keys before anything in it is believed.
 * @param judge decides about the claims. Whom it refuses gets no account and no session.
 */
export function toProviderConfig(
  settings: OidcSettings,
  discovered: Discovered,
  judge: (claims: Claims) => Promise<boolean>,
): GenericOAuthConfig {
  return {
    providerId,
    name: settings.name,
    clientId: settings.clientId,
    ...(settings.clientSecret === null
      ? { tokenEndpointAuth: { method: "none" } }
      : {
          clientSecret: settings.clientSecret,
          authentication: discovered.token_endpoint_auth_methods_supported.includes("client_secret_post")
            ? "post"
            : "basic",
        }),
    discoveryUrl: discoveryUrl(settings.issuer),
    requireIdTokenVerification: true,
    pkce: true,
    scopes: settings.scopes,
    overrideUserInfo: true,
    accountSubject: ({ tokens }) => accountOf(settings, claimsOf(tokens.idToken)),
    getUserInfo: async (tokens) => {
      if (tokens.idToken === undefined || tokens.idToken === "") return null;
      const claims = await withUserInfo(settings, discovered, claimsOf(tokens.idToken), tokens.accessToken);
      if (typeof claims.sub !== "string" || claims.sub === "" || !(await judge(claims))) return null;
      // An address that nobody else has: no identity is ever joined to an account by its e-mail.
      const mailbox = createHash("sha256")
        .update(`${settings.issuer} ${claims.sub}`)
        .digest("hex")
        .slice(0, 40);
      return {
        id: claims.sub,
        sub: claims.sub,
        email: `${mailbox}@${mailDomain}`,
        emailVerified: false,
        name: nameFrom(claims, settings.issuer),
      };
    },
  };
}

/** Who somebody is to us. The issuer is part of it: the same subject of another issuer is somebody else. */
export const accountOf = ({ issuer }: OidcSettings, { sub }: Claims): string =>
  `${issuer} ${String(sub ?? "")}`;

/** The claims of an ID token whose signature the library has just checked. */
function claimsOf(idToken: string | undefined): Claims {
  const [, body = ""] = (idToken ?? "").split(".");
  const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString("utf8") || "{}");
  return typeof claims === "object" && claims !== null ? (claims as Claims) : {};
}

/** Many providers keep groups out of the ID token; then the userinfo endpoint tells them, of the same subject. */
async function withUserInfo(
  settings: OidcSettings,
  discovered: Discovered,
  claims: Claims,
  accessToken?: string,
): Promise<Claims> {
  const complete = settings.groupsClaim in claims && "email" in claims;
  const endpoint = discovered.userinfo_endpoint;
  if (complete || accessToken === undefined || endpoint === undefined) return claims;
  const response = await fetch(endpoint, {
    headers: { authorization: `Bearer ${accessToken}` },
    signal: AbortSignal.timeout(answerMs),
    redirect: "error",
  });
  const answer: unknown = response.ok ? await response.json() : null;
  if (typeof answer !== "object" || answer === null || (answer as Claims).sub !== claims.sub) return claims;
  return { ...(answer as Claims), ...claims };
}
