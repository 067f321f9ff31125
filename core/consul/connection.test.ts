import { describe, expect, it } from "vitest";
import { createTargetPolicy } from "#core/kernel/target-policy.ts";
import { parseConsulAddress } from "./address.ts";
import { assertTarget, createEndpoints } from "./connection.ts";

const connection = {
  token: null,
  caPem: "",
  clientCertPem: "",
  clientKeyPem: "",
  tlsServerName: "",
  tlsVerify: true,
};

describe.each([true, false])("a unix socket, private targets allowed: %s", (allowPrivate) => {
  const targets = createTargetPolicy(allowPrivate);

  it("is refused where somebody enters it", () => {
    const entered = parseConsulAddress("unix:///var/run/docker.sock");
    expect(() => assertTarget(entered, targets)).toThrow(/taken from CONSUL_HTTP_ADDR alone/);
  });

  it("is spoken to where the environment names it", async () => {
    const [endpoint] = createEndpoints({ ...connection, addresses: ["unix:///run/consul.sock"] }, targets);
    expect(endpoint?.address.socketPath).toBe("/run/consul.sock");
    await endpoint?.dispatcher.close();
  });
});

it("an address is judged where it is entered and where it is used", () => {
  const targets = createTargetPolicy(true);
  const metadata = "http://169.254.169.254";
  expect(() => assertTarget(parseConsulAddress(metadata), targets)).toThrow(/link-local/);
  expect(() => createEndpoints({ ...connection, addresses: [metadata] }, targets)).toThrow(/link-local/);
  expect(() => assertTarget(parseConsulAddress("http://10.0.0.1:8500"), targets)).not.toThrow();
});
