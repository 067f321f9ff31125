import { describe, expect, it } from "vitest";
import { createTargetPolicy, literalAddress } from "./target-policy.ts";

const open = createTargetPolicy(true);
const closed = createTargetPolicy(false);

describe("where Snapkeep may connect to", () => {
  it.each([
    "169.254.169.254",
    "169.254.170.2",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "fe80::1",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "64:ff9b::100.100.100.200",
    "64:ff9b:1::a9fe:a9fe",
    "64:ff9b:1:a9fe:a9:fe00::",
    "::169.254.169.254",
    "::100.100.100.200",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "2002:a9fe:a9fe::1",
    "not an address",
  ])("is never %s", (address) => {
    expect(open.refusal(address)).not.toBeNull();
    expect(closed.refusal(address)).not.toBeNull();
  });

  it.each([
    "10.0.3.11",
    "192.168.1.1",
    "172.16.0.1",
    "127.0.0.1",
    "::1",
    "fd12::1",
    "100.64.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1:5db8:d8:2200:a00:1",
    "::10.0.0.1",
  ])("is %s only where private targets are allowed", (address) => {
    expect(open.refusal(address)).toBeNull();
    expect(closed.refusal(address)).toContain("SNAPKEEP_PRIVATE_TARGETS");
  });

  it.each(["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::93.184.216.34"])(
    "is %s",
    (address) => {
      expect(closed.refusal(address)).toBeNull();
    },
  );

  it("is judged after resolving the name, by every address that it has", async () => {
    const ask = (policy: typeof open, all: boolean) =>
      new Promise<unknown[]>((resolve) =>
        policy.lookup("localhost", { all }, (...answer) => resolve(answer)),
      );
    const [error] = await ask(closed, true);
    expect(error).toMatchObject({ code: "ETARGETREFUSED" });
    const [none, addresses] = await ask(open, true);
    expect(none).toBeNull();
    expect(addresses).toEqual(expect.arrayContaining([{ address: "127.0.0.1", family: 4 }]));
    expect((await ask(open, false))[1]).toMatch(/^127\.0\.0\.1$|^::1$/);
  });

  it("knows an address in a URL from a name", () => {
    expect(["[::1]", "10.0.0.1", "consul.example", "1.2.3"].map(literalAddress)).toEqual([
      "::1",
      "10.0.0.1",
      null,
      null,
    ]);
  });
});
