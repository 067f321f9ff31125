export { type AccessService, createAccessService, type SignedIn } from "./service.ts";
export type { TicketService } from "./tickets.ts";
