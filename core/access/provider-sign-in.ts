import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { Person } from "#core/kernel/operation.ts";
import type { Grant } from "#core/kernel/permission.ts";
import { isLocal } from "./administrators.ts";
import { type Attempt, currentAttempt, withAttempt } from "./attempt.ts";
import { type Auth, callbackPath, createAuth, providerId } from "./auth.ts";
import { nextPath, type ProviderProblem, providerProblemWords } from "./contract.ts";
import { toGrantsJson } from "./grants.ts";
import type { OidcSettings } from "./oidc-settings.ts";
import { accountOf, discover, toProviderConfig } from "./provider.ts";
import { type Claims, grantsOfGroups, groupsIn, isAllowedDomain, nameFrom } from "./provider-claims.ts";
import { forLibrary, toCookieHeader } from "./request-headers.ts";
import type { AccessStore } from "./store.ts";

/** What the groups of the person on their way in grant, until their account is known. */
type ProviderAttempt = Attempt & {
  granted: { grants: Grant[]; from: string } | null;
  problem: ProviderProblem | null;
  /** The name that the provider gave, for the log. */
  who: string | null;
};

/** How long the exchange with the provider may take altogether. */
const exchangeMs = 20_000;

export type ProviderOutcome =
  | { caller: Person; setCookies: string[]; next: string }
  | { problem: ProviderProblem; who: string | null; setCookies: string[] };

/** Signing in with the identity provider: away to it, and back with its word for who somebody is. */
export function createProviderSignIn(deps: {
  db: Database;
  store: AccessStore;
  clock: Clock;
  settings: OidcSettings;
  secret: string;
  baseUrl: string;
  findCluster: (nameOrId: string) => Promise<string | null>;
  authenticate: (headers: Headers) => Promise<Person | null>;
}) {
  const { store, settings } = deps;
  let auth: Auth | null = null;

  /**
   * Made at the first sign-in: making it asks the provider, and whoever signs in locally must not wait for that.
   * @throws ProviderError when the provider does not answer.
   */
  async function getAuth(): Promise<Auth> {
    if (auth !== null) return auth;
    const { db, secret, baseUrl } = deps;
    const provider = toProviderConfig(settings, await discover(settings.issuer), judge);
    auth ??= createAuth({ db, secret, baseUrl, provider });
    return auth;
  }

  /** Keeps what the groups grant with the attempt; it becomes the person's when their session begins. */
  async function judge(claims: Claims): Promise<boolean> {
    const attempt = currentAttempt() as ProviderAttempt | null;
    if (attempt === null) return false;
    attempt.who = nameFrom(claims, settings.issuer);
    if (!isAllowedDomain(claims, settings.allowedDomains)) {
      attempt.problem = "domain";
      await letGo(claims);
      return false;
    }
    attempt.granted = await grantsOfGroups(
      groupsIn(claims, settings.groupsClaim),
      settings,
      deps.findCluster,
    );
    if (attempt.granted !== null) return true;
    attempt.problem = "groups";
    await letGo(claims);
    return false;
  }

  /**
   * Whoever the provider no longer vouches for keeps nothing of what an earlier sign-in gave: not their sessions, and not
   * the rights that their API tokens read. The next sign-in that is let in gives anew.
   */
  async function letGo(claims: Claims): Promise<void> {
    const user = await store.findUserByAccount(providerId, accountOf(settings, claims));
    if (user === null || isLocal(user)) return;
    await deps.db.transaction(async (tx) => {
      await store.setGrants(user.id, toGrantsJson([]), "no group", tx);
      await store.endSessions(user.id, null, tx);
    });
  }

  async function admit(this: ProviderAttempt, userId: string): Promise<AppError | null> {
    const user = await store.findUser(userId);
    if (user === null || user.disabledAt !== null || this.granted === null) {
      this.problem = user?.disabledAt == null ? "refused" : "disabled";
      const userMessage = providerProblemWords(this.problem, settings.name);
      return new AppError({ code: "forbidden", userMessage });
    }
    await store.setGrants(userId, toGrantsJson(this.granted.grants), this.granted.from);
    await store.changeUser(userId, { lastSignInAt: new Date(deps.clock.nowMs()) });
    return null;
  }

  return {
    name: settings.name,

    /** @returns where to send the browser. @throws AppError when the provider does not answer. */
    async begin(next: string, headers: Headers): Promise<{ url: string; setCookies: string[] }> {
      try {
        await discover(settings.issuer);
        const { response, headers: answer } = await (await getAuth()).api.signInSocial({
          body: { provider: providerId, callbackURL: nextPath(next), disableRedirect: true },
          headers: forLibrary(headers, "unknown", null),
          returnHeaders: true,
        });
        if (typeof response.url !== "string") throw new Error("The library gave no address.");
        return { url: response.url, setCookies: answer.getSetCookie() };
      } catch (cause) {
        const userMessage = providerProblemWords("unreachable", settings.name);
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new AppError({ code: "conflict", userMessage, message, retryable: true, cause });
      }
    },

    /** @param query what the provider sent back: the code and the state, or its refusal. */
    async finish(query: string, headers: Headers, address: string): Promise<ProviderOutcome> {
      const attempt: ProviderAttempt = {
        method: settings.name,
        address,
        granted: null,
        problem: null,
        who: null,
        refusal: null,
        admit,
      };
      const url = new URL(`${callbackPath}?${query}`, deps.baseUrl);
      const request = new Request(url, { headers: forLibrary(headers, address, "state") });
      const answer = await withAttempt(attempt, () =>
        inTime(getAuth().then((ready) => ready.handler(request))),
      );
      const setCookies = answer?.headers.getSetCookie() ?? [];
      const target = answer?.headers.get("location") ?? "";
      const caller = await deps.authenticate(new Headers({ cookie: toCookieHeader(setCookies) }));
      if (caller !== null && attempt.problem === null) return { caller, setCookies, next: nextPath(target) };
      return { problem: attempt.problem ?? problemOf(answer, target), who: attempt.who, setCookies };
    },
  };
}

async function inTime(work: Promise<Response>): Promise<Response | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), exchangeMs).unref());
  return Promise.race([work.catch(() => null), late]);
}

/** The library tells of a failure by a code in the address that it would send the browser to. */
function problemOf(answer: Response | null, target: string): ProviderProblem {
  if (answer === null) return "unreachable";
  const code = URL.canParse(target, "http://x.invalid")
    ? new URL(target, "http://x.invalid").searchParams.get("error")
    : null;
  if (code?.startsWith("state_") || code === "please_restart_the_process") return "expired";
  return code === "provider_not_found" || code === "oauth_provider_not_found" ? "unreachable" : "refused";
}
