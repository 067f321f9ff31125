import { type SetupInput, type SignInInput, setupInput, signInInput } from "#core/access/contract.ts";
import type { AccessService, SignedIn } from "#core/access/index.ts";
import type { AuditService } from "#core/audit/index.ts";
import { AppError, toAppError } from "#core/kernel/errors.ts";
import { newCorrelationId } from "#core/kernel/ids.ts";
import type { ActSubject, Caller, RequestContext } from "#core/kernel/operation.ts";

/**
 * Signing in and out. Not operations: nobody is signed in yet, so there is no permission to check. They are
 * audited like everything else.
 */
export function createSessions(deps: { access: AccessService; audit: AuditService }) {
  const { access, audit } = deps;
  const subject = (
    action: string,
    caller: Caller | null,
    label: string,
    request: RequestContext,
  ): ActSubject => ({
    action,
    caller,
    request,
    target: { id: null, label },
    reason: null,
    correlationId: newCorrelationId(),
  });

  async function audited(
    action: string,
    label: string,
    request: RequestContext,
    work: () => Promise<SignedIn>,
  ): Promise<SignedIn> {
    try {
      const signedIn = await work();
      await audit.write(subject(action, signedIn.caller, label, request), "ok");
      return signedIn;
    } catch (error) {
      const failure = toAppError(error);
      const denied = failure.code === "unauthenticated" || failure.code === "rate_limited";
      await audit.write(
        subject(action, null, label, request),
        denied ? "denied" : "failed",
        failure.userMessage,
      );
      throw failure;
    }
  }

  return {
    authenticate: access.authenticate,
    setupNeeded: access.setupNeeded,

    signIn(raw: SignInInput, headers: Headers, request: RequestContext): Promise<SignedIn> {
      const input = signInInput.safeParse(raw);
      if (!input.success)
        throw new AppError({ code: "invalid_input", userMessage: "A user name and a password are needed." });
      return audited("session.sign_in", input.data.username, request, () =>
        access.signIn(input.data, headers, request.address),
      );
    },

    createFirstAdmin(raw: SetupInput, headers: Headers, request: RequestContext): Promise<SignedIn> {
      const input = setupInput.safeParse(raw);
      if (!input.success) {
        const issue = input.error.issues[0];
        throw new AppError({
          code: "invalid_input",
          userMessage: issue?.message ?? "The input is wrong.",
          field: String(issue?.path[0] ?? ""),
        });
      }
      return audited("setup.first_admin", input.data.username, request, () =>
        access.createFirstAdmin(input.data, headers, request.address),
      );
    },

    async signOut(headers: Headers, request: RequestContext): Promise<string[]> {
      const caller = await access.authenticate(headers);
      const cookies = await access.signOut(headers);
      if (caller !== null) await audit.write(subject("session.sign_out", caller, caller.name, request), "ok");
      return cookies;
    },
  };
}
