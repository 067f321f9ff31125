export { createRestoreOperations } from "./operations.ts";
export { createRestoreService } from "./service.ts";
export { createRestoreStore } from "./store.ts";
