import type { ClusterInput, ClusterView, TestConnectionInput } from "#core/clusters/contract.ts";

/** What to do with a stored secret. The server never sends one back, so there is nothing to show or edit. */
export type SecretDraft = { act: "keep" } | { act: "replace"; value: string } | { act: "remove" };

/** The form of a cluster as it is typed; `addresses` one per line. */
export type ClusterDraft = {
  name: string;
  addresses: string;
  token: SecretDraft;
  caPem: string;
  clientCertPem: string;
  clientKeyPem: SecretDraft;
  tlsServerName: string;
  tlsVerify: boolean;
  objectiveMinutes: number;
  restoreApproval: ClusterView["restoreApproval"];
};

// The same as the contract's own default.
const objectiveMinutesDefault = 24 * 60;

export function newDraft(): ClusterDraft {
  return {
    name: "",
    addresses: "",
    token: { act: "replace", value: "" },
    caPem: "",
    clientCertPem: "",
    clientKeyPem: { act: "replace", value: "" },
    tlsServerName: "",
    tlsVerify: true,
    objectiveMinutes: objectiveMinutesDefault,
    restoreApproval: "none",
  };
}

export function draftOf(cluster: ClusterView): ClusterDraft {
  return {
    name: cluster.name,
    addresses: cluster.addresses.join("\n"),
    token: cluster.hasToken ? { act: "keep" } : { act: "replace", value: "" },
    caPem: cluster.caPem,
    clientCertPem: cluster.clientCertPem,
    clientKeyPem: cluster.hasClientKey ? { act: "keep" } : { act: "replace", value: "" },
    tlsServerName: cluster.tlsServerName,
    tlsVerify: cluster.tlsVerify,
    objectiveMinutes: cluster.objectiveMinutes,
    restoreApproval: cluster.restoreApproval,
  };
}

/** Left out: the server keeps what it has. Empty: it forgets it. */
function secretValue(secret: SecretDraft): string | undefined {
  switch (secret.act) {
    case "keep":
      return undefined;
    case "remove":
      return "";
    case "replace":
      return secret.value;
    default:
      return secret satisfies never;
  }
}

export function toInput(draft: ClusterDraft): ClusterInput {
  const token = secretValue(draft.token);
  const clientKeyPem = secretValue(draft.clientKeyPem);
  return {
    name: draft.name,
    addresses: draft.addresses
      .split(/[\n,]/)
      .map((line) => line.trim())
      .filter((line) => line !== ""),
    ...(token === undefined ? {} : { token }),
    ...(clientKeyPem === undefined ? {} : { clientKeyPem }),
    caPem: draft.caPem,
    clientCertPem: draft.clientCertPem,
    tlsServerName: draft.tlsServerName,
    tlsVerify: draft.tlsVerify,
    objectiveMinutes: draft.objectiveMinutes,
    restoreApproval: draft.restoreApproval,
  };
}

/** With the id of a saved cluster, the server fills in the secrets that the draft keeps. */
export function toTestInput(draft: ClusterDraft, id: string | null): TestConnectionInput {
  return { ...toInput(draft), ...(id === null ? {} : { id }) };
}

/** A cluster as it is saved, for a test without a form. */
export function testInputOf(cluster: ClusterView): TestConnectionInput {
  return toTestInput(
    { ...draftOf(cluster), token: { act: "keep" }, clientKeyPem: { act: "keep" } },
    cluster.id,
  );
}
