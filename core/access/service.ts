import { createHash, randomBytes } from "node:crypto";
import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { Caller } from "#core/kernel/operation.ts";
import type { SecretBox } from "#core/kernel/secret-box.ts";
import { createAuth } from "./auth.ts";
import type { SetupInput, SignInInput } from "./contract.ts";
import { createAccessStore } from "./store.ts";
import { createThrottle } from "./throttle.ts";
import { createTicketService } from "./tickets.ts";

const setupKey = "setup.tokenHash";
/** The sign-in library needs an address per account; `.invalid` can never receive mail. */
const mailDomain = "snapkeep.invalid";

export type SignedIn = { caller: Extract<Caller, { kind: "person" }>; setCookies: string[] };
export type AccessService = ReturnType<typeof createAccessService>;

export function createAccessService(deps: { db: Database; clock: Clock; box: SecretBox; baseUrl: string }) {
  const store = createAccessStore(deps.db);
  const auth = createAuth({
    db: deps.db,
    secret: deps.box.sign("auth", "session cookies"),
    baseUrl: deps.baseUrl,
  });
  const throttle = createThrottle(deps.clock);
  const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

  /** @returns the person behind the session cookie, or null. Reads the role from the records each time. */
  async function authenticate(headers: Headers): Promise<Extract<Caller, { kind: "person" }> | null> {
    const found = await auth.api.getSession({ headers });
    if (found === null) return null;
    return toCaller(found.user, found.session.id);
  }

  /** @throws AppError `unauthenticated` with one text for every reason, `rate_limited` after too many failures. */
  async function signIn(input: SignInInput, headers: Headers, address: string): Promise<SignedIn> {
    const forgive = throttle.begin(input.username, address);
    const wrong = () =>
      new AppError({ code: "unauthenticated", userMessage: "The user name or the password is wrong." });
    const result = await auth.api
      .signInUsername({
        body: { username: input.username, password: input.password },
        headers,
        returnHeaders: true,
      })
      .catch((error: unknown) => {
        // The library's refusals carry a status below 500; anything else is a fault of ours.
        const status = (error as { statusCode?: unknown }).statusCode;
        if (typeof status === "number" && status < 500) throw wrong();
        throw error;
      });
    if (result.response === null) throw wrong();
    const setCookies = result.headers.getSetCookie();
    const caller = await authenticate(new Headers({ cookie: toCookieHeader(setCookies) }));
    if (caller === null) throw wrong();
    forgive();
    return { caller, setCookies };
  }

  async function createUser(username: string, password: string, role: string): Promise<string> {
    const context = await auth.$context;
    const user = await context.internalAdapter.createUser(
      {
        name: username,
        email: `${username}@${mailDomain}`,
        emailVerified: false,
        username,
        displayUsername: username,
      },
      { method: "email-password" },
    );
    await context.internalAdapter.linkAccount({
      userId: user.id,
      providerId: "credential",
      accountId: user.id,
      password: await context.password.hash(password),
    });
    await store.setRole(user.id, role);
    return user.id;
  }

  return {
    authenticate,
    signIn,
    tickets: createTicketService({ store, box: deps.box, clock: deps.clock }),

    async signOut(headers: Headers): Promise<string[]> {
      const result = await auth.api.signOut({ headers, returnHeaders: true });
      return result.headers.getSetCookie();
    },

    setupNeeded: async () => (await store.countUsers()) === 0,

    /** Makes a new one-time setup token when nobody can sign in yet. Only its hash is kept. */
    async prepareSetup(): Promise<string | null> {
      if ((await store.countUsers()) > 0) return null;
      const token = randomBytes(18).toString("base64url");
      await store.writeSetting(setupKey, hashOf(token));
      return token;
    },

    /** @throws AppError `unauthenticated` when the token is not the printed one or was used. */
    async createFirstAdmin(input: SetupInput, headers: Headers, address: string): Promise<SignedIn> {
      const forgive = throttle.begin("setup", address);
      // In one transaction: a crash must not leave a used token and nobody who can sign in.
      await deps.db.transaction(async (tx) => {
        const open = (await store.countUsers()) === 0;
        if (!open || !(await store.takeSetting(setupKey, hashOf(input.setupToken), tx))) {
          throw new AppError({
            code: "unauthenticated",
            field: "setupToken",
            userMessage: open
              ? "This is not the setup token. It stands in Snapkeep's output since the last start."
              : "Snapkeep is set up already. Sign in.",
          });
        }
        await createUser(input.username, input.password, "administrator");
      });
      forgive();
      return signIn({ username: input.username, password: input.password }, headers, address);
    },

    createUser,
  };
}

type AuthUser = { id: string; name: string; username?: string | null; role?: string | null };

function toCaller(user: AuthUser, sessionId: string): Extract<Caller, { kind: "person" }> {
  return {
    kind: "person",
    userId: user.id,
    name: user.username ?? user.name,
    role: user.role ?? "none",
    sessionId,
  };
}

function toCookieHeader(setCookies: string[]): string {
  return setCookies.map((line) => line.split(";")[0] ?? "").join("; ");
}
