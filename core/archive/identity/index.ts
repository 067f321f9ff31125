export type * from "./contract.ts";
export { compareIdentity } from "./identity.ts";
