import { prismaAdapter } from "better-auth/adapters/prisma";
import { betterAuth } from "better-auth/minimal";
import { username } from "better-auth/plugins/username";
import type { Database } from "#core/db/index.ts";
import { passwordCharsMax, passwordCharsMin, usernameSchema } from "./contract.ts";

const sessionSeconds = 12 * 3_600;
const sessionRefreshSeconds = 3_600;

/**
 * better-auth with a local password (scrypt) and user names. It never opens a sign-up: accounts are made by
 * the setup token or by an administrator.
 * @param secret signs the session cookies.
 */
export function createAuth(deps: { db: Database; secret: string; baseUrl: string }) {
  return betterAuth({
    database: prismaAdapter(deps.db.prisma, { provider: "sqlite" }),
    secret: deps.secret,
    baseURL: deps.baseUrl,
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordCharsMin,
      maxPasswordLength: passwordCharsMax,
    },
    session: { expiresIn: sessionSeconds, updateAge: sessionRefreshSeconds },
    user: { additionalFields: { role: { type: "string", input: false, defaultValue: "viewer" } } },
    advanced: { cookiePrefix: "snapkeep", useSecureCookies: deps.baseUrl.startsWith("https:") },
    plugins: [
      username({
        usernameValidator: (name) => usernameSchema.safeParse(name).success,
        minUsernameLength: 2,
        maxUsernameLength: 40,
      }),
    ],
  });
}
