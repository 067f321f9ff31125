import { prismaAdapter } from "better-auth/adapters/prisma";
import { createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { betterAuth } from "better-auth/minimal";
import { type GenericOAuthConfig, genericOAuth } from "better-auth/plugins/generic-oauth";
import { twoFactor } from "better-auth/plugins/two-factor";
import { username } from "better-auth/plugins/username";
import { z } from "zod";
import type { Database } from "#core/db/index.ts";
import { currentAttempt } from "./attempt.ts";
import { passwordCharsMax, passwordCharsMin, usernameSchema } from "./contract.ts";

export const sessionMs = 12 * 3_600_000;
export const addressHeader = "x-snapkeep-address";
/** The path that the identity provider sends people back to, below the base URL. */
export const providerId = "oidc";
export const callbackPath = `/api/auth/callback/${providerId}`;

export type Auth = ReturnType<typeof createAuth>;

const nobody = { input: false } as const;

/** Calls of our own that the library lacks. Only the server can make them: they have no path. */
const doors = {
  id: "snapkeep-doors",
  endpoints: {
    /** Begins a session for whoever proved who they are in another way, with a passkey. */
    startSession: createAuthEndpoint.serverOnly(
      { method: "POST", body: z.object({ userId: z.string() }) },
      async (ctx) => {
        const { userId } = ctx.body;
        const user = await ctx.context.internalAdapter.findUserById(userId);
        const session = user === null ? null : await ctx.context.internalAdapter.createSession(userId);
        if (user === null || session === null) return null;
        await setSessionCookie(ctx, { session, user });
        return { token: session.token };
      },
    ),
    /** Whose second factor is being waited for in this browser. */
    pendingSecondFactor: createAuthEndpoint.serverOnly({ method: "GET" }, async (ctx) => {
      const cookie = ctx.context.createAuthCookie("two_factor");
      const identifier = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
      if (typeof identifier !== "string") return null;
      const waiting = await ctx.context.internalAdapter.findVerificationValue(identifier);
      return waiting === null || waiting.expiresAt < new Date() ? null : { userId: waiting.value };
    }),
  },
};

/** Sessions know how they began; accounts keep no token of the identity provider, which nobody here needs. */
const databaseHooks = {
  session: {
    create: {
      before: async (session: { userId: string }) => {
        const attempt = currentAttempt();
        if (attempt === null) throw new Error("A session begins only through a door of Snapkeep.");
        attempt.refusal = await attempt.admit(session.userId);
        if (attempt.refusal !== null) return false as const;
        return { data: { ...session, signedInWith: attempt.method, ipAddress: attempt.address } };
      },
    },
  },
  account: {
    create: {
      before: async (account: object) => ({
        data: { ...account, accessToken: null, refreshToken: null, idToken: null, scope: null },
      }),
    },
  },
};

/**
 * better-auth: local passwords (scrypt) by user name, a second factor, sessions, and at most one identity provider.
 * It never opens a sign-up: accounts are made by the setup token, by an administrator, or by the provider's groups.
 * @param secret signs the session cookies.
 */
export function createAuth(deps: {
  db: Database;
  secret: string;
  baseUrl: string;
  provider: GenericOAuthConfig | null;
}) {
  return betterAuth({
    database: prismaAdapter(deps.db.prisma, { provider: "sqlite" }),
    secret: deps.secret,
    baseURL: deps.baseUrl,
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Ours counts by account and address, for every door; the library's would only see the one path it handles.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordCharsMin,
      maxPasswordLength: passwordCharsMax,
    },
    // A session ends twelve hours after it began, however busy: the cookie does, and a stolen one must, too.
    session: {
      expiresIn: sessionMs / 1_000,
      disableSessionRefresh: true,
      additionalFields: { signedInWith: { type: "string", ...nobody, defaultValue: "password" } },
    },
    user: {
      additionalFields: {
        grantsJson: { type: "string", ...nobody, defaultValue: "[]" },
        disabledAt: { type: "date", ...nobody, required: false },
        breakGlass: { type: "boolean", ...nobody, defaultValue: false },
      },
    },
    account: { accountLinking: { enabled: false }, updateAccountOnSignIn: false },
    onAPIError: { errorURL: "/sign-in" },
    advanced: {
      cookiePrefix: "snapkeep",
      useSecureCookies: deps.baseUrl.startsWith("https:"),
      // Only the server's own word for where a request came from.
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    databaseHooks,
    plugins: [
      username({
        usernameValidator: (name) => usernameSchema.safeParse(name).success,
        minUsernameLength: 2,
        maxUsernameLength: 40,
      }),
      twoFactor({ issuer: "Snapkeep", twoFactorCookieMaxAge: 300 }),
      doors,
      genericOAuth({ config: deps.provider === null ? [] : [deps.provider] }),
    ],
  });
}
