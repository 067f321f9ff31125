import { X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import {
  assertTarget,
  type ConsulClient,
  type ConsulConnection,
  connectionFromEnv,
  createConsulClient,
  parseConsulAddress,
} from "#core/consul/index.ts";
import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Env } from "#core/kernel/env.ts";
import { AppError, noSuch } from "#core/kernel/errors.ts";
import { createHolders } from "#core/kernel/holders.ts";
import { newClusterId } from "#core/kernel/ids.ts";
import type { SecretBox } from "#core/kernel/secret-box.ts";
import type { TargetPolicy } from "#core/kernel/target-policy.ts";
import { testConnection } from "./connection-test.ts";
import type { ClusterView, ConnectionReport, clusterInput, testConnectionInput } from "./contract.ts";
import type { ClusterRow, ClusterStore } from "./store.ts";

export const environmentClusterId = "c-environment";

type Input = z.output<typeof clusterInput>;
export type ClusterService = ReturnType<typeof createClusterService>;

const tokenContext = (id: string) => `cluster:${id}:token`;
const keyContext = (id: string) => `cluster:${id}:clientKey`;

/** Clusters that we know, their credentials, and one Consul client for each. */
export function createClusterService(deps: {
  store: ClusterStore;
  box: SecretBox;
  clock: Clock;
  /** Where a cluster may be. */
  targets: TargetPolicy;
}) {
  const { store, box, clock, targets } = deps;
  const clients = new Map<string, { updatedAtMs: number; client: ConsulClient }>();
  // What is under way there was decided on for this connection: it must not end up in another cluster.
  const { holdWhile, assertFree } = createHolders();

  async function row(id: string): Promise<ClusterRow> {
    const found = await store.find(id);
    if (found === null) throw noSuch("cluster");
    return found;
  }

  function connection(found: ClusterRow): ConsulConnection {
    return {
      addresses: parseAddresses(found.addressesJson),
      token: found.sealedToken === null ? null : box.open(found.sealedToken, tokenContext(found.id)),
      caPem: found.caPem,
      clientCertPem: found.clientCertPem,
      clientKeyPem:
        found.sealedClientKey === null ? "" : box.open(found.sealedClientKey, keyContext(found.id)),
      tlsServerName: found.tlsServerName,
      tlsVerify: found.tlsVerify,
    };
  }

  /** Whether both lead to the same place by the same means. One whose secrets don't open any more is another. */
  function isSameConnection(before: ClusterRow, next: ClusterRow): boolean {
    if (before.restoreApproval !== next.restoreApproval) return false;
    try {
      return isDeepStrictEqual(connection(before), connection(next));
    } catch {
      return false;
    }
  }

  async function forget(id: string): Promise<void> {
    const known = clients.get(id);
    clients.delete(id);
    // Requests under way keep their sockets until they end, a restore of many minutes, too; new ones get the new client.
    known?.client.closeGently().catch(() => undefined);
  }

  function sealed(id: string, token: string, clientKeyPem: string) {
    return {
      sealedToken: token === "" ? null : box.seal(token, tokenContext(id)),
      sealedClientKey: clientKeyPem === "" ? null : box.seal(clientKeyPem, keyContext(id)),
    };
  }

  async function assertNameFree(name: string, except: string | null): Promise<void> {
    const other = await store.findByName(name);
    if (other !== null && other.id !== except) {
      throw new AppError({
        code: "conflict",
        field: "name",
        userMessage: `There is already a cluster named ${name}.`,
      });
    }
  }

  return {
    async list(): Promise<ClusterView[]> {
      return (await store.list()).map(toView);
    },

    async get(id: string): Promise<ClusterView> {
      return toView(await row(id));
    },

    /** The client of a cluster, made anew when its settings changed. */
    async client(id: string): Promise<ConsulClient> {
      const found = await row(id);
      const known = clients.get(id);
      if (known !== undefined && known.updatedAtMs === found.updatedAt.getTime()) return known.client;
      await forget(id);
      const client = createConsulClient(connection(found), targets);
      clients.set(id, { updatedAtMs: found.updatedAt.getTime(), client });
      return client;
    },

    holdWhile,

    async create(input: Input, tx: Tx): Promise<ClusterView> {
      checkInput(input, targets);
      await assertNameFree(input.name, null);
      const id = newClusterId();
      const now = new Date(clock.nowMs());
      const created: ClusterRow = {
        id,
        source: "console",
        ...settings(input),
        restoreApproval: input.restoreApproval ?? "none",
        ...sealed(id, input.token ?? "", input.clientKeyPem ?? ""),
        createdAt: now,
        updatedAt: now,
      };
      await store.create(created, tx);
      return toView(created);
    },

    async update(id: string, input: Input, tx: Tx): Promise<ClusterView> {
      checkInput(input, targets);
      const before = await row(id);
      assertEditable(before);
      await assertFree(id);
      assertSecretsStayHome(before, input);
      await assertNameFree(input.name, id);
      const secrets = sealed(id, input.token ?? "", input.clientKeyPem ?? "");
      const changes = {
        ...settings(input),
        restoreApproval: input.restoreApproval ?? before.restoreApproval,
        ...(input.caPem === undefined ? { caPem: before.caPem } : {}),
        ...(input.clientCertPem === undefined ? { clientCertPem: before.clientCertPem } : {}),
        ...(input.token === undefined ? {} : { sealedToken: secrets.sealedToken }),
        ...(input.clientKeyPem === undefined ? {} : { sealedClientKey: secrets.sealedClientKey }),
        updatedAt: new Date(clock.nowMs()),
      };
      await store.update(id, changes, tx);
      return toView({ ...before, ...changes });
    },

    async remove(id: string, tx: Tx): Promise<void> {
      assertEditable(await row(id));
      await assertFree(id);
      await store.remove(id, tx);
      await forget(id);
    },

    /** Tests what stands in the form. Secrets that the form leaves out are the stored ones. */
    async test(input: z.output<typeof testConnectionInput>): Promise<ConnectionReport> {
      const before = input.id === undefined ? null : await row(input.id);
      const isFromEnvironment = before?.source === "environment";
      checkInput(input, targets, isFromEnvironment ? parseAddresses(before.addressesJson) : []);
      if (before !== null) assertSecretsStayHome(before, input);
      const stored = before === null ? null : connection(before);
      const candidate: ConsulConnection = {
        addresses: input.addresses,
        token: input.token === undefined ? (stored?.token ?? null) : input.token === "" ? null : input.token,
        caPem: input.caPem ?? stored?.caPem ?? "",
        clientCertPem: input.clientCertPem ?? stored?.clientCertPem ?? "",
        clientKeyPem: input.clientKeyPem ?? stored?.clientKeyPem ?? "",
        tlsServerName: input.tlsServerName,
        tlsVerify: input.tlsVerify,
      };
      const client = createConsulClient(candidate, targets);
      try {
        const tls = input.addresses.some((address) => parseConsulAddress(address).tls);
        const tlsWords = tls ? (input.tlsVerify ? "TLS verified" : "TLS not verified") : "without TLS";
        return await testConnection(client, tlsWords, candidate.token !== null);
      } finally {
        await client.close();
      }
    },

    /** Writes the cluster of CONSUL_HTTP_* as a row, or removes the row when the variables are gone. */
    async syncEnvironment(env: Env): Promise<void> {
      const wanted = connectionFromEnv(env);
      if (wanted === null) {
        await store.removeIfThere(environmentClusterId);
        return;
      }
      const now = new Date(clock.nowMs());
      const before = await store.find(environmentClusterId);
      const next = {
        id: environmentClusterId,
        name: before?.name ?? ((await store.findByName("default")) === null ? "default" : "environment"),
        source: "environment",
        addressesJson: JSON.stringify(wanted.addresses),
        ...sealed(environmentClusterId, wanted.token ?? "", wanted.clientKeyPem),
        caPem: wanted.caPem,
        clientCertPem: wanted.clientCertPem,
        tlsServerName: wanted.tlsServerName,
        tlsVerify: wanted.tlsVerify,
        objectiveMinutes: before?.objectiveMinutes ?? 24 * 60,
        restoreApproval: env.SNAPKEEP_RESTORE_APPROVAL,
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
      };
      // What was planned for a connection stands as long as that does, over any number of starts.
      const isSame = before !== null && isSameConnection(before, next);
      await store.upsert(isSame ? { ...next, updatedAt: before.updatedAt } : next);
    },

    async close(): Promise<void> {
      await Promise.all([...clients.values()].map((known) => known.client.close()));
      clients.clear();
    },
  };
}

/**
 * A stored token goes only where it was meant to go: whoever may edit a cluster could else have it sent to an address
 * of theirs, and read there what Snapkeep never shows.
 */
function assertSecretsStayHome(
  before: ClusterRow,
  input: Pick<Input, "addresses" | "token" | "clientKeyPem">,
): void {
  const known = new Set(parseAddresses(before.addressesJson));
  const isElsewhere = input.addresses.some((address) => !known.has(address));
  if (!isElsewhere || before.sealedToken === null || input.token !== undefined) return;
  throw new AppError({
    code: "invalid_input",
    field: "token",
    userMessage:
      "Another address needs the token again: the stored one is only sent where it was sent before.",
  });
}

function settings(input: Input) {
  return {
    name: input.name,
    addressesJson: JSON.stringify(input.addresses),
    caPem: input.caPem ?? "",
    clientCertPem: input.clientCertPem ?? "",
    tlsServerName: input.tlsServerName,
    tlsVerify: input.tlsVerify,
    objectiveMinutes: input.objectiveMinutes,
  };
}

function parseAddresses(json: string): string[] {
  const value = JSON.parse(json) as unknown;
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function assertEditable(found: ClusterRow): void {
  if (found.source !== "environment") return;
  throw new AppError({
    code: "conflict",
    userMessage: "This cluster comes from CONSUL_HTTP_ADDR. Change the environment and start Snapkeep again.",
  });
}

/**
 * Finds what a schema can't: addresses that don't parse and certificates that aren't any.
 * @param given addresses that nobody entered: the environment may name a socket.
 */
function checkInput(input: Input, targets: TargetPolicy, given: readonly string[] = []): void {
  const entered = input.addresses.filter((address) => !given.includes(address));
  for (const address of entered) assertTarget(parseConsulAddress(address), targets);
  for (const field of ["caPem", "clientCertPem"] as const) {
    const pem = input[field];
    if (pem === undefined || pem === "") continue;
    const wrong = readCertificate(pem) === null;
    // Certificates are shown to everybody who may see the cluster; a key is sealed.
    if (wrong || pem.includes("PRIVATE KEY-----")) {
      const userMessage = wrong
        ? "This is not a certificate in PEM form."
        : "This holds a private key too. Leave only certificates here; the key has a field of its own.";
      throw new AppError({ code: "invalid_input", field, userMessage });
    }
  }
  const key = input.clientKeyPem;
  if (key !== undefined && key !== "" && !key.includes("-----BEGIN")) {
    throw new AppError({
      code: "invalid_input",
      field: "clientKeyPem",
      userMessage: "This is not a key in PEM form.",
    });
  }
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function toView(found: ClusterRow): ClusterView {
  const ca = found.caPem === "" ? null : readCertificate(found.caPem);
  return {
    id: found.id,
    name: found.name,
    source: found.source === "environment" ? "environment" : "console",
    addresses: parseAddresses(found.addressesJson),
    hasToken: found.sealedToken !== null,
    hasClientKey: found.sealedClientKey !== null,
    caPem: found.caPem,
    caValidUntil: ca === null ? null : new Date(ca.validTo).toISOString(),
    clientCertPem: found.clientCertPem,
    tlsServerName: found.tlsServerName,
    tlsVerify: found.tlsVerify,
    objectiveMinutes: found.objectiveMinutes,
    restoreApproval: found.restoreApproval === "second-person" ? "second-person" : "none",
    createdAt: found.createdAt.toISOString(),
    updatedAt: found.updatedAt.toISOString(),
  };
}
