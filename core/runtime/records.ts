import path from "node:path";
import { createAccessService, readOidcSettings } from "#core/access/index.ts";
import { createAuditService } from "#core/audit/index.ts";
import { createClusterService, createClusterStore } from "#core/clusters/index.ts";
import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Env } from "#core/kernel/env.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { SecretBox } from "#core/kernel/secret-box.ts";
import { createTargetPolicy } from "#core/kernel/target-policy.ts";
import { createTokenService, createTokenStore } from "#core/tokens/index.ts";
import { postJson } from "./post-json.ts";

export type RecordsDeps = {
  env: Env;
  db: Database;
  box: SecretBox;
  clock: Clock;
  log: Logger;
  dataFolder: string;
};

/** The services that only need the records, for the server and for the command line beside it. */
export function createRecords({ env, db, box, clock, log, dataFolder }: RecordsDeps) {
  const targets = createTargetPolicy(env.SNAPKEEP_PRIVATE_TARGETS);
  const baseUrl = env.SNAPKEEP_BASE_URL ?? `http://${env.SNAPKEEP_HOST}:${env.SNAPKEEP_PORT}`;
  const chainKey = box.sign("audit-chain", "key");
  const auditFolder = path.join(dataFolder, "audit");
  const audit = createAuditService({
    db,
    clock,
    log,
    chainKey,
    folder: auditFolder,
    anchors: {
      file: env.SNAPKEEP_AUDIT_ANCHOR_FILE ?? null,
      url: env.SNAPKEEP_AUDIT_ANCHOR_URL ?? null,
      everyMs: env.SNAPKEEP_AUDIT_ANCHOR_MINUTES * 60_000,
      post: (url, anchor) => postJson(url, anchor, targets),
    },
  });
  const clusters = createClusterService({ store: createClusterStore(db), box, clock, targets });
  const access = createAccessService({
    db,
    clock,
    box,
    baseUrl,
    oidc: readOidcSettings(env),
    localSignIn: env.SNAPKEEP_LOCAL_SIGN_IN,
    findCluster: async (nameOrId) => clusterNamed(await clusters.list(), nameOrId),
  });
  const tokens = createTokenService({
    store: createTokenStore(db),
    clock,
    grantsOfPerson: access.grantsOfPerson,
  });
  return { targets, baseUrl, chainKey, audit, clusters, access, tokens };
}

/** An id is never taken by the name of another cluster: who may rename theirs would else get the groups' roles there. */
export function clusterNamed(
  clusters: readonly { id: string; name: string }[],
  nameOrId: string,
): string | null {
  const found = clusters.find(({ id }) => id === nameOrId) ?? clusters.find(({ name }) => name === nameOrId);
  return found?.id ?? null;
}
