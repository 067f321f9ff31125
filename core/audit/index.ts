export { createAuditOperations } from "./operations.ts";
export { type AuditService, type AuditSubject, createAuditService } from "./service.ts";
export { createAuditStore } from "./store.ts";
