import { z } from "zod";
import type { ActContext } from "#core/db/index.ts";
import { defineOperation } from "#core/kernel/operation.ts";
import { createdToken, createTokenInput, tokenList, tokenRef } from "./contract.ts";
import type { TokenService } from "./service.ts";

const auditFields = ["name", "prefix", "grants", "expiresAt", "revokedAt"];

export function createTokenOperations(tokens: TokenService) {
  return {
    "tokens.list": defineOperation({
      name: "tokens.list",
      input: z.object({}),
      output: tokenList,
      permission: "token.make",
      audit: "none",
      auditAction: "token.list",
      target: () => ({ kind: "token", id: null, label: "API tokens" }),
      run: async (context: ActContext) => ({ tokens: await tokens.list(context.caller) }),
    }),
    "tokens.create": defineOperation({
      name: "tokens.create",
      input: createTokenInput,
      output: createdToken,
      permission: "token.make",
      audit: "change",
      auditAction: "token.create",
      auditFields,
      target: (_context: ActContext, input) => ({ kind: "token", id: null, label: input.name }),
      run: async (context: ActContext, input) => {
        const created = await tokens.create(input, context.caller, context.tx);
        context.subject.target = { ...context.subject.target, id: created.token.id };
        context.changed(null, created.token);
        return created;
      },
    }),
    "tokens.revoke": defineOperation({
      name: "tokens.revoke",
      input: tokenRef,
      output: tokenRef,
      permission: "token.make",
      audit: "change",
      auditAction: "token.revoke",
      auditFields,
      target: async (context: ActContext, input) => {
        const { name } = await tokens.get(input.id, context.caller);
        return { kind: "token", id: input.id, label: name };
      },
      run: async (context: ActContext, input) => {
        const before = await tokens.get(input.id, context.caller);
        const revokedAt = await tokens.revoke(input.id, context.tx);
        context.changed(before, { ...before, revokedAt });
        return { id: input.id };
      },
    }),
  };
}
