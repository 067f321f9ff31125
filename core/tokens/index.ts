export { createTokenOperations } from "./operations.ts";
export { createTokenService, type TokenService } from "./service.ts";
export { createTokenStore } from "./store.ts";
