export { createAccountOperations } from "./account-operations.ts";
export { readOidcSettings } from "./oidc-settings.ts";
export { createPeopleOperations } from "./people-operations.ts";
export { type AccessService, createAccessService } from "./service.ts";
export type { SignedIn, SignInAnswer } from "./sign-in.ts";
export { networkOf } from "./throttle.ts";
export { type Redeemed, type TicketKind, TicketRefused, type TicketService } from "./tickets.ts";
