import type { ActContext } from "#core/db/index.ts";
import { defineOperation } from "#core/kernel/operation.ts";
import { auditListInput, auditPage } from "./contract.ts";
import type { AuditService } from "./service.ts";

export function createAuditOperations(audit: AuditService) {
  return {
    "audit.list": defineOperation({
      name: "audit.list",
      input: auditListInput,
      output: auditPage,
      permission: "audit.read",
      audit: "none",
      auditAction: "audit.list",
      target: () => ({ kind: "audit", id: null, label: "audit log" }),
      run: (_context: ActContext, input) => audit.list(input),
    }),
  };
}
