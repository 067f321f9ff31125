export { createRestoreOperations } from "./operations.ts";
export { createRestoreService, type RestoreService } from "./service.ts";
export { createRestoreStore } from "./store.ts";
