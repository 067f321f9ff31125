import { describe, expect, it } from "vitest";
import type { TokenView } from "#core/tokens/contract.ts";
import { curlExample, endsSoon } from "./token-words.ts";

const now = Date.parse("2026-07-23T00:00:00Z");

function token(given: Partial<TokenView>): TokenView {
  return {
    id: "t-1",
    name: "ci",
    prefix: "skt_Ab3dE6",
    grants: [],
    makerId: "u-1",
    makerName: "sam",
    createdAt: "2026-07-01T00:00:00Z",
    expiresAt: null,
    lastUsedAt: null,
    lastUsedBy: null,
    revokedAt: null,
    state: "active",
    ...given,
  };
}

describe("endsSoon", () => {
  it("warns two weeks ahead, and of nothing that never ends or is over", () => {
    expect(endsSoon(token({ expiresAt: "2026-08-05T00:00:00Z" }), now)).toBe(true);
    expect(endsSoon(token({ expiresAt: "2026-08-07T00:00:00Z" }), now)).toBe(false);
    expect(endsSoon(token({ expiresAt: null }), now)).toBe(false);
    expect(endsSoon(token({ expiresAt: "2026-07-24T00:00:00Z", state: "revoked" }), now)).toBe(false);
  });
});

describe("curlExample", () => {
  it("never holds the token, which would stay in the shell's history", () => {
    expect(curlExample("https://keep.example")).toContain("$SNAPKEEP_TOKEN");
    expect(curlExample("https://keep.example")).not.toContain("skt_");
  });
});
