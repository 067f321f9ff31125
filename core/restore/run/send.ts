export { assertUnchanged, type Outcome, sendArchive } from "#core/consul/index.ts";
