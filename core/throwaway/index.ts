export { type ConsulBinary, findConsulBinary, locateConsul, type WhereConsulIs } from "./binary.ts";
export type * from "./contract.ts";
export { removeLeftovers } from "./leftovers.ts";
export { assertRoom } from "./room.ts";
export { runThrowaway } from "./run.ts";
