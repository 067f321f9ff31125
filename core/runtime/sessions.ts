import type { z } from "zod";
import {
  nextPath,
  type PasskeySignInInput,
  passkeySignInInput,
  providerProblemWords,
  type SecondFactorInput,
  type SetupInput,
  type SignInInput,
  secondFactorInput,
  setupInput,
  signInInput,
} from "#core/access/contract.ts";
import type { AccessService, SignedIn, SignInAnswer } from "#core/access/index.ts";
import type { AuditService } from "#core/audit/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, noSuch, toAppError } from "#core/kernel/errors.ts";
import { newCorrelationId } from "#core/kernel/ids.ts";
import type { ActSubject, Caller, RequestContext } from "#core/kernel/operation.ts";
import { createRefusalRows } from "./refusal-rows.ts";

const refusals = ["unauthenticated", "forbidden", "rate_limited"];

/**
 * Signing in and out. Not operations: nobody is signed in yet, so there is no permission to check. They are
 * audited like everything else.
 */
export function createSessions(deps: { access: AccessService; audit: AuditService; clock: Clock }) {
  const { access, audit } = deps;
  const refusalRows = createRefusalRows(deps.clock);
  const subject = (
    action: string,
    caller: Caller | null,
    target: ActSubject["target"],
    request: RequestContext,
  ): ActSubject => ({ action, caller, request, target, reason: null, correlationId: newCorrelationId() });

  type About = { action: string; label: string; userId: string | null; words: string };

  /** Of a session it says how it began; of a right password that isn't enough, that somebody knows it. */
  function writeSuccess(about: About, caller: Caller | null, request: RequestContext): Promise<number> {
    if (caller?.kind !== "person") {
      const target = { id: about.userId, label: about.label };
      return audit.write(subject("session.password_accepted", null, target, request), "ok");
    }
    const setup = about.action === "setup.first_admin";
    const target = { id: caller.userId, label: setup ? about.label : caller.signedInWith };
    const action = setup ? about.action : "session.sign_in";
    return audit.write(subject(action, caller, target, request), "ok");
  }

  async function audited<Answer extends { caller: Caller | null }>(
    about: About,
    request: RequestContext,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    try {
      const answer = await work();
      await writeSuccess(about, answer.caller, request);
      return answer;
    } catch (error) {
      const failure = toAppError(error);
      const outcome = refusals.includes(failure.code) ? "denied" : "failed";
      const target = { id: about.userId, label: about.label };
      const words = refusalRows.words(request.address, `${about.words}${failure.userMessage}`);
      if (words !== null) await audit.write(subject(about.action, null, target, request), outcome, words);
      throw failure;
    }
  }

  return {
    authenticate: access.authenticate,
    setupNeeded: access.setupNeeded,
    /** What the sign-in page shows. */
    offer: access.offer,

    async signIn(raw: SignInInput, headers: Headers, request: RequestContext): Promise<SignInAnswer> {
      const input = parsed(signInInput, raw);
      const { username } = input;
      const userId = await access.knownAccount(username);
      // A name that nobody has may be a password in the wrong field.
      const words = userId === null ? "An unknown name: " : `${username}: `;
      const about = { action: "session.sign_in", label: "password", userId, words };
      return audited(about, request, () => access.signIn(input, headers, request.address));
    },

    async secondFactor(
      raw: SecondFactorInput,
      headers: Headers,
      request: RequestContext,
    ): Promise<SignInAnswer> {
      const input = parsed(secondFactorInput, raw);
      const waiting = await access.pendingSecondFactor(headers);
      const about = {
        action: "session.second_factor",
        label: input.recoveryCode === undefined ? "code" : "recovery code",
        userId: waiting?.userId ?? null,
        words: waiting === null ? "" : `${waiting.name}: `,
      };
      return audited(about, request, () => access.secondFactor(input, headers, request.address));
    },

    /** @returns what the browser's `startAuthentication` takes. */
    beginPasskey: access.beginPasskeySignIn,

    async passkey(raw: PasskeySignInInput, headers: Headers, request: RequestContext): Promise<SignInAnswer> {
      const { response } = parsed(passkeySignInInput, raw);
      const about = { action: "session.sign_in", label: "passkey", userId: null, words: "" };
      return audited(about, request, () => access.passkeySignIn(response, headers, request.address));
    },

    /** @returns the identity provider's page to send the browser to. */
    async beginProvider(next: string, headers: Headers): Promise<{ url: string; setCookies: string[] }> {
      if (access.provider === null) throw noSuch("identity provider");
      return access.provider.begin(next, headers);
    },

    /** @returns the path of ours to go on to, which says what was wrong when it was. */
    async finishProvider(
      query: string,
      headers: Headers,
      request: RequestContext,
    ): Promise<{ to: string; setCookies: string[] }> {
      if (access.provider === null) throw noSuch("identity provider");
      const { name } = access.provider;
      const outcome = await access.provider.finish(query, headers, request.address);
      const { setCookies } = outcome;
      const caller = "caller" in outcome ? outcome.caller : null;
      const about = subject("session.sign_in", caller, { id: caller?.userId ?? null, label: name }, request);
      if ("caller" in outcome) {
        await audit.write(about, "ok");
        return { to: nextPath(outcome.next), setCookies };
      }
      const problem = providerProblemWords(outcome.problem, name);
      const said = outcome.who === null ? problem : `${outcome.who}: ${problem}`;
      const words = refusalRows.words(request.address, said);
      if (words !== null) await audit.write(about, "denied", words);
      return { to: `/sign-in?problem=${outcome.problem}`, setCookies };
    },

    createFirstAdmin(raw: SetupInput, headers: Headers, request: RequestContext): Promise<SignedIn> {
      const input = parsed(setupInput, raw);
      const about = { action: "setup.first_admin", label: input.username, userId: null, words: "" };
      return audited(about, request, () => access.createFirstAdmin(input, headers, request.address));
    },

    async signOut(headers: Headers, request: RequestContext): Promise<string[]> {
      const caller = await access.authenticate(headers);
      const cookies = await access.signOut(headers);
      if (caller !== null) {
        const target = { id: caller.userId, label: caller.name };
        await audit.write(subject("session.sign_out", caller, target, request), "ok");
      }
      return cookies;
    },
  };
}

/** @throws AppError `invalid_input` that names the field. */
function parsed<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new AppError({
    code: "invalid_input",
    userMessage: issue?.message ?? "The input is wrong.",
    field: String(issue?.path[0] ?? ""),
  });
}
