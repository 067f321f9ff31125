import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { Grant } from "#core/kernel/permission.ts";
import { createTokenService } from "./service.ts";
import type { TokenRow, TokenStore } from "./store.ts";

const text = "skt_of-a-test";
const administrator: Grant = { role: "administrator", clusterId: null, datacenter: null };
const viewer: Grant = { ...administrator, role: "viewer" };
const row: TokenRow = {
  id: "k-1",
  name: "ci",
  prefix: "skt_of-a-t",
  hash: createHash("sha256").update(text).digest("hex"),
  grantsJson: JSON.stringify([administrator]),
  makerId: "u-ada",
  makerName: "ada",
  createdAt: new Date(0),
  expiresAt: null,
  lastUsedAt: null,
  lastUsedBy: null,
  revokedAt: null,
};

/** @param answers what the maker holds, each time that it is asked. */
function tokensOf(
  makerId: string | null,
  answers: (readonly Grant[] | null)[],
  more: Partial<TokenRow> = {},
) {
  const store = { findByHash: async () => ({ ...row, makerId, ...more }), used: async () => row };
  return createTokenService({
    store: store as unknown as TokenStore,
    clock: { nowMs: () => 1, monotonicMs: () => 1 },
    grantsOfPerson: async () => answers.shift() ?? null,
  });
}
const callerOf = (makerId: string | null, ...answers: (readonly Grant[] | null)[]) =>
  tokensOf(makerId, answers).authenticate(text, "10.0.0.1");

it("a token never outgrows its maker, also one who is removed while the token is looked at", async () => {
  expect(await callerOf("u-ada", [viewer], [viewer])).toMatchObject({ within: [viewer] });
  expect(await callerOf("u-ada", null)).toBeNull();
  const inBetween = await callerOf("u-ada", [viewer], null);
  expect(inBetween === null || inBetween.within).toEqual([viewer]);
});

it("a token of the command line has no maker whose rights could limit it", async () => {
  expect(await callerOf(null)).not.toHaveProperty("within");
});

it.each(["{", "{}", '[{"role":"administrator","clusterId":null,"datacenter":"dc1"}]'])(
  "a token whose record was damaged holds nothing: %s",
  async (grantsJson) => {
    const caller = await tokensOf(null, [], { grantsJson }).authenticate(text, "10.0.0.1");
    expect(caller).toMatchObject({ role: "none", grants: [] });
  },
);
