import { z } from "zod";
import type { ActContext } from "#core/db/index.ts";
import { AppError, noSuch } from "#core/kernel/errors.ts";
import { defineOperation, type Person } from "#core/kernel/operation.ts";
import {
  accountView,
  changePasswordInput,
  confirmTotpInput,
  endedOthers,
  finishPasskeyInput,
  nothing,
  passkeyList,
  passkeyOptions,
  passkeyRef,
  passkeyView,
  recoveryCodes,
  renamePasskeyInput,
  sessionList,
  sessionRef,
  totpBegun,
  withPassword,
} from "./contract.ts";
import type { AccessService } from "./service.ts";

/** What everybody may do with their own account, whatever their roles. */
const own = { permission: null, audit: "change" } as const;
const look = { permission: null, audit: "none", input: z.object({}) } as const;

export function createAccountOperations(deps: { access: AccessService }) {
  const { account, secondFactor, passkeys, passwords, store } = deps.access.own;
  const target = ({ caller }: ActContext) => ({
    kind: "person",
    id: caller.kind === "person" ? caller.userId : null,
    label: caller.name,
  });
  const confirmed = async ({ caller, request, tx }: ActContext, password: string, field = "password") => {
    const self = selfOf(caller);
    await passwords.assertCurrent(self.userId, password, request.address, field, tx);
    return self;
  };

  const sessionsPart = {
    "account.get": defineOperation({
      name: "account.get",
      ...look,
      output: accountView,
      auditAction: "account.get",
      target,
      run: ({ caller }: ActContext) => account.get(selfOf(caller)),
    }),
    "account.sessions": defineOperation({
      name: "account.sessions",
      ...look,
      output: sessionList,
      auditAction: "account.sessions",
      target,
      run: async ({ caller }: ActContext) => ({ sessions: await account.sessions(selfOf(caller)) }),
    }),
    "account.endSession": defineOperation({
      name: "account.endSession",
      ...own,
      input: sessionRef,
      output: sessionRef,
      auditAction: "session.end",
      target,
      run: async ({ caller, tx }: ActContext, { id }) => {
        if (!(await store.endSession(selfOf(caller).userId, id, tx))) throw noSuch("session");
        return { id };
      },
    }),
    "account.endOtherSessions": defineOperation({
      name: "account.endOtherSessions",
      ...own,
      input: z.object({}),
      output: endedOthers,
      auditAction: "session.end",
      target,
      run: async ({ caller, tx }: ActContext) => {
        const { userId, sessionId } = selfOf(caller);
        return { ended: await store.endSessions(userId, sessionId, tx) };
      },
    }),
    "account.changePassword": defineOperation({
      name: "account.changePassword",
      ...own,
      input: changePasswordInput,
      output: endedOthers,
      auditAction: "account.change_password",
      target,
      run: async (context: ActContext, input) => {
        const { userId, sessionId } = await confirmed(context, input.currentPassword, "currentPassword");
        await passwords.change(userId, input.newPassword, context.tx);
        return { ended: await store.endSessions(userId, sessionId, context.tx) };
      },
    }),
  };

  const codePart = {
    "account.beginTotp": defineOperation({
      name: "account.beginTotp",
      ...own,
      input: withPassword,
      output: totpBegun,
      auditAction: "account.begin_code",
      target,
      run: async (context: ActContext, input) => {
        const { userId, name } = await confirmed(context, input.password);
        return secondFactor.begin(userId, name, context.tx);
      },
    }),
    "account.confirmTotp": defineOperation({
      name: "account.confirmTotp",
      ...own,
      input: confirmTotpInput,
      output: recoveryCodes,
      auditAction: "account.set_up_code",
      target,
      run: async ({ caller, tx }: ActContext, { code }) => {
        const { userId, sessionId } = selfOf(caller);
        const codes = await secondFactor.confirm(userId, code, tx);
        // Whoever else came in by the password alone shall not stay.
        await store.endSessions(userId, sessionId, tx);
        return { recoveryCodes: codes };
      },
    }),
    "account.disableTotp": defineOperation({
      name: "account.disableTotp",
      ...own,
      input: withPassword,
      output: nothing,
      auditAction: "account.remove_code",
      target,
      run: async (context: ActContext, input) => {
        const { userId } = await confirmed(context, input.password);
        await secondFactor.remove(userId, context.tx);
        return {};
      },
    }),
    "account.newRecoveryCodes": defineOperation({
      name: "account.newRecoveryCodes",
      ...own,
      input: withPassword,
      output: recoveryCodes,
      auditAction: "account.new_recovery_codes",
      target,
      run: async (context: ActContext, input) => {
        const { userId } = await confirmed(context, input.password);
        return { recoveryCodes: await secondFactor.newRecoveryCodes(userId, context.tx) };
      },
    }),
  };

  const passkeyPart = {
    "account.passkeys": defineOperation({
      name: "account.passkeys",
      ...look,
      output: passkeyList,
      auditAction: "account.passkeys",
      target,
      run: async ({ caller }: ActContext) => ({
        passkeys: await passkeys.list(selfOf(caller).userId),
        passkeySupport: passkeys.support,
      }),
    }),
    "account.beginPasskey": defineOperation({
      name: "account.beginPasskey",
      ...own,
      input: withPassword,
      output: passkeyOptions,
      auditAction: "account.begin_passkey",
      target,
      run: async (context: ActContext, input) => {
        const { userId, name } = await confirmed(context, input.password);
        return { options: { ...(await passkeys.begin(userId, name)) } };
      },
    }),
    "account.finishPasskey": defineOperation({
      name: "account.finishPasskey",
      ...own,
      input: finishPasskeyInput,
      output: passkeyView,
      auditAction: "account.add_passkey",
      target,
      detail: (input) => input.name,
      run: ({ caller, tx }: ActContext, { name, response }) =>
        passkeys.finish(selfOf(caller).userId, name, response, tx),
    }),
    "account.renamePasskey": defineOperation({
      name: "account.renamePasskey",
      ...own,
      input: renamePasskeyInput,
      output: passkeyRef,
      auditAction: "account.rename_passkey",
      target,
      detail: (input) => input.name,
      run: async ({ caller, tx }: ActContext, { id, name }) => {
        await passkeys.rename(selfOf(caller).userId, id, name, tx);
        return { id };
      },
    }),
    "account.removePasskey": defineOperation({
      name: "account.removePasskey",
      ...own,
      input: passkeyRef,
      output: passkeyRef,
      auditAction: "account.remove_passkey",
      target,
      run: async ({ caller, tx }: ActContext, { id }) => {
        await passkeys.remove(selfOf(caller).userId, id, tx);
        return { id };
      },
    }),
  };
  return { ...sessionsPart, ...codePart, ...passkeyPart };
}

/** @throws AppError `forbidden` for a program: it has no password, no code, no passkey. */
function selfOf(caller: ActContext["caller"]): Person {
  if (caller.kind === "person") return caller;
  throw new AppError({ code: "forbidden", userMessage: "Only a person can do this." });
}
