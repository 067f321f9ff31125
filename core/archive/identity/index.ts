export type * from "./contract.ts";
export { compareIdentity } from "./identity.ts";
export { readRestoreFacts } from "./read-facts.ts";
export { idOfRecord, mayEnd, type RestoreFacts, type SampledKey } from "./restore-facts.ts";
export { type Verdict, verdictOf } from "./verdict.ts";
