export { parseConsulAddress } from "./address.ts";
export { applyMayTakeMs, deniedAfterRestoreMs } from "./after-restore.ts";
export { type ConsulClient, createConsulClient, type SnapshotAnswer } from "./client.ts";
export { assertTarget, type ConsulConnection } from "./connection.ts";
export { connectionFromEnv } from "./environment.ts";
export { cleanText, faultWords, fromAnswer, fromFault, isNeverConnected, tokenHelp } from "./errors.ts";
export {
  readAgentSelf,
  readAuthorized,
  readAutopilot,
  readChecks,
  readClusterId,
  readDatacenters,
  readLeader,
  readPeers,
  readTokenSelf,
} from "./facts.ts";
export { assertUnchanged, type Outcome, sendArchive } from "./send-archive.ts";
