import { describe, expect, it } from "vitest";
import { consulCommand, curlCommand, shellQuote } from "./commands.ts";

const plain = { address: "10.0.3.11:8500", datacenter: "dc1", stale: false, ownCa: false };

describe("the same take from a shell", () => {
  it("names the address, the datacenter and a file", () => {
    expect(consulCommand(plain)).toBe(
      "consul snapshot save -http-addr=10.0.3.11:8500 \\\n    -datacenter=dc1 dc1.snap",
    );
    expect(curlCommand(plain)).toBe(
      'curl -fsS -H "X-Consul-Token: $CONSUL_HTTP_TOKEN" -o dc1.snap \\\n    "http://10.0.3.11:8500/v1/snapshot?dc=dc1"',
    );
  });
  it("says stale and the cluster's own CA where they apply", () => {
    const other = { ...plain, address: "https://consul:8501/", stale: true, ownCa: true };
    expect(consulCommand(other)).toContain("-stale -ca-file=ca.pem");
    expect(curlCommand(other)).toContain("--cacert ca.pem");
    expect(curlCommand(other)).toContain('"https://consul:8501/v1/snapshot?dc=dc1&stale"');
  });
  it("goes through a socket when that is the address", () => {
    const command = curlCommand({ ...plain, address: "unix:///run/consul.sock" });
    expect(command).toContain("--unix-socket /run/consul.sock");
    expect(command).toContain('"http://localhost/v1/snapshot?dc=dc1"');
  });
  it("never lets a datacenter's name become a command", () => {
    const command = consulCommand({ ...plain, datacenter: "dc1; rm -rf '~'" });
    expect(command).toContain(`-datacenter='dc1; rm -rf '\\''~'\\'''`);
    expect(shellQuote("dc-1.eu")).toBe("dc-1.eu");
  });
});
