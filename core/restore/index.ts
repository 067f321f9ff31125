export { createRestoreOperations } from "./operations.ts";
export { createLooks } from "./preflight/preflight.ts";
export { createPreflights, type Preflights } from "./preflights.ts";
export { createRestoreService, type RestoreService } from "./service.ts";
export { createRestoreStore } from "./store.ts";
