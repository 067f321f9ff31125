export { parseConsulAddress } from "./address.ts";
export { type ConsulClient, createConsulClient, type SnapshotAnswer } from "./client.ts";
export { assertTarget, type ConsulConnection } from "./connection.ts";
export { cleanText, faultWords, fromAnswer, fromFault, isNeverConnected, tokenHelp } from "./errors.ts";
export {
  readAgentSelf,
  readAutopilot,
  readDatacenters,
  readLeader,
  readPeers,
  readTokenSelf,
} from "./facts.ts";
