import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { Person } from "#core/kernel/operation.ts";
import { fallbackAdministrators, type LocalSignIn } from "./administrators.ts";
import { type Attempt, withAttempt } from "./attempt.ts";
import type { Auth } from "./auth.ts";
import { addressesOf, noteAddress } from "./known-addresses.ts";
import type { Passkeys } from "./passkeys.ts";
import type { Passwords } from "./passwords.ts";
import { forLibrary, toCookieHeader } from "./request-headers.ts";
import { hashOfRecoveryCode, type SecondFactor, wrongCode } from "./second-factor.ts";
import type { AccessStore } from "./store.ts";
import { networkOf, type Throttle } from "./throttle.ts";

export type SignedIn = { caller: Person; setCookies: string[] };
/** A session, or what is still missing; then the cookies only carry the way that is done already. */
export type SignInAnswer =
  | ({ next: "done" } & SignedIn)
  | { next: "code" | "password"; caller: null; setCookies: string[] };

export type PasswordAttempt = { username: string; password: string; newPassword?: string | undefined };
export type CodeAttempt = {
  code?: string | undefined;
  recoveryCode?: string | undefined;
  newPassword?: string | undefined;
};

/** Signing in with what Snapkeep itself knows: a password, a code after it, a passkey. */
export function createLocalSignIn(deps: {
  db: Database;
  auth: Auth;
  store: AccessStore;
  clock: Clock;
  throttle: Throttle;
  passwords: Passwords;
  secondFactor: SecondFactor;
  passkeys: Passkeys;
  mode: LocalSignIn;
  provider: string | null;
  authenticate: (headers: Headers) => Promise<Person | null>;
}) {
  const { db, auth, store, clock, throttle, passwords, secondFactor, passkeys } = deps;

  const newAttempt = (method: string, address: string): Attempt => ({
    method,
    address,
    refusal: null,
    admit,
  });

  /** Whoever comes this far has shown who they are, so the reason may be told. */
  async function admit(userId: string): Promise<AppError | null> {
    const user = await store.findUser(userId);
    const no = (userMessage: string) => new AppError({ code: "forbidden", userMessage });
    if (user === null || user.disabledAt !== null)
      return no("This account is disabled. Ask an administrator of Snapkeep.");
    if (deps.mode === "all" || deps.provider === null || user.breakGlass) return null;
    const fallback = fallbackAdministrators(await store.listUsers(), deps.mode);
    if (fallback.some((one) => one.id === userId)) return null;
    return no(`Only break-glass accounts sign in here. Continue with ${deps.provider}.`);
  }

  async function knowsAddress(userId: string | null, address: string): Promise<boolean> {
    return userId !== null && (await addressesOf(store, clock, userId)).includes(networkOf(address));
  }

  /** Ends the way in: a session for whoever owes nothing more. */
  async function complete(
    setCookies: string[],
    address: string,
    newPassword?: string,
    wasOneTime = false,
  ): Promise<SignInAnswer> {
    const caller = await deps.authenticate(new Headers({ cookie: toCookieHeader(setCookies) }));
    if (caller === null) throw wrongPassword();
    try {
      const mustChange = await passwords.mustChange(caller.userId);
      // Somebody else has used it up while this sign-in was looking at it.
      if (wasOneTime && !mustChange) throw wrongPassword();
      if (mustChange) {
        if (newPassword === undefined) return await endEarly(caller);
        const { userId } = caller;
        if (!(await db.transaction((tx) => passwords.choose(userId, newPassword, tx)))) throw wrongPassword();
      }
    } catch (error) {
      await store.endSession(caller.userId, caller.sessionId);
      throw error;
    }
    await store.changeUser(caller.userId, { lastSignInAt: new Date(clock.nowMs()) });
    await noteAddress(store, clock, caller.userId, networkOf(address));
    return { next: "done", caller, setCookies };
  }

  async function pending(headers: Headers): Promise<{ userId: string; name: string } | null> {
    const only = forLibrary(headers, "unknown", "two_factor");
    const waiting = await auth.api.pendingSecondFactor({ headers: only });
    const user = waiting === null ? null : await store.findUser(waiting.userId);
    return user === null ? null : { userId: user.id, name: user.username ?? user.name };
  }

  async function endEarly(caller: Person): Promise<SignInAnswer> {
    await store.endSession(caller.userId, caller.sessionId);
    return { next: "password", caller: null, setCookies: [] };
  }

  return {
    /** Whose code is being waited for in this browser; null when nobody's is. */
    pending,

    /** @throws AppError `unauthenticated` with one text for every reason, `rate_limited` after too many failures. */
    async withPassword(input: PasswordAttempt, headers: Headers, address: string): Promise<SignInAnswer> {
      const { username, password, newPassword } = input;
      const user = await store.findUserByName(username);
      const forgive = throttle.begin(username, address, await knowsAddress(user?.id ?? null, address));
      const wasOneTime = user !== null && (await passwords.isOneTime(user.id));
      const attempt = newAttempt("password", address);
      const work = () =>
        auth.api.signInUsername({
          body: { username, password },
          headers: forLibrary(headers, address, null),
          returnHeaders: true,
        });
      const { response, headers: answer } = await withAttempt(attempt, work).catch((error: unknown) => {
        throw attempt.refusal ?? (isRefusal(error) ? wrongPassword() : error);
      });
      if (user === null || response === null) throw wrongPassword();
      forgive();
      const setCookies = answer.getSetCookie();
      if (!("twoFactorRedirect" in response)) return complete(setCookies, address, newPassword, wasOneTime);
      const first = newPassword === undefined && (await passwords.mustChange(user.id));
      return first
        ? { next: "password", caller: null, setCookies: [] }
        : { next: "code", caller: null, setCookies };
    },

    /** @throws AppError `unauthenticated` for a wrong or used code, and when the password was too long ago. */
    async withCode(input: CodeAttempt, headers: Headers, address: string): Promise<SignInAnswer> {
      const waiting = await pending(headers);
      if (waiting === null) throw tooLate();
      const { userId } = waiting;
      const forgive = throttle.begin(`code ${userId}`, address, await knowsAddress(userId, address));
      const row = await secondFactor.enabled(userId);
      if (row === null) throw tooLate();
      const only = forLibrary(headers, address, "two_factor");
      const attempt = newAttempt("password and code", address);
      const { code = "", recoveryCode } = input;
      // Of two that use one code at once, one takes its step; the library is not asked about a code without one, but
      // for counting it.
      const step = recoveryCode === undefined ? await secondFactor.stepOf(row.secret, code) : null;
      const fresh = step !== null ? code : "";
      if (step !== null && !(await db.transaction((tx) => secondFactor.takeStep(userId, step, tx))))
        throw wrongSecondFactor();
      const work = () =>
        recoveryCode === undefined
          ? auth.api.verifyTOTP({ body: { code: fresh }, headers: only, returnHeaders: true })
          : auth.api.verifyBackupCode({
              body: { code: hashOfRecoveryCode(recoveryCode) },
              headers: only,
              returnHeaders: true,
            });
      const { headers: answer } = await withAttempt(attempt, work).catch((error: unknown) => {
        throw attempt.refusal ?? (isRefusal(error) ? refusedCode(error) : error);
      });
      forgive();
      return complete(answer.getSetCookie(), address, input.newPassword);
    },

    /** @throws AppError `unauthenticated` when the passkey is not one of ours or its answer doesn't fit. */
    async withPasskey(response: unknown, headers: Headers, address: string): Promise<SignInAnswer> {
      const forgive = throttle.begin("passkey", address, true);
      const { userId } = await passkeys.finishSignIn(response);
      const attempt = newAttempt("passkey", address);
      const { response: started, headers: answer } = await withAttempt(attempt, () =>
        auth.api.startSession({
          body: { userId },
          headers: forLibrary(headers, address, null),
          returnHeaders: true,
        }),
      );
      if (started === null) throw attempt.refusal ?? wrongPassword();
      forgive();
      return complete(answer.getSetCookie(), address);
    },
  };
}

/** The library's refusals carry a status below 500; anything else is a fault of ours. */
function isRefusal(error: unknown): boolean {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === "number" && status < 500;
}

/** Why the library refused a second factor: five wrong ones end the way in, ten in a row close it for a while. */
function refusedCode(error: unknown): AppError {
  const { code } = (error as { body?: { code?: unknown } }).body ?? {};
  if (code === "ACCOUNT_TEMPORARILY_LOCKED") {
    const userMessage = "Too many wrong codes. Try again in 15 min.";
    return new AppError({ code: "rate_limited", userMessage, retryable: true });
  }
  const over = code === "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE" || code === "INVALID_TWO_FACTOR_COOKIE";
  return over ? tooLate() : wrongSecondFactor();
}

const wrongPassword = () =>
  new AppError({ code: "unauthenticated", userMessage: "The user name or the password is wrong." });
const wrongSecondFactor = () =>
  new AppError({ code: "unauthenticated", field: "code", userMessage: wrongCode().userMessage });
const tooLate = () =>
  new AppError({
    code: "unauthenticated",
    userMessage: "This sign-in took too long. Begin again with the password.",
  });
