export { verifyArchive } from "./archive-file.ts";
export { exportTypes } from "./export.ts";
export { createAuditOperations } from "./operations.ts";
export { type AuditDeps, type AuditService, type AuditSubject, createAuditService } from "./service.ts";
