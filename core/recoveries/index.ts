export { createRecoveryOperations } from "./operations.ts";
export { createRecoveryService, type RecoveryService } from "./service.ts";
export { createRecoveryStore } from "./store.ts";
