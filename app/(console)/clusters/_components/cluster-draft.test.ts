import { describe, expect, it } from "vitest";
import { draftOf, newDraft, testInputOf, toInput } from "./cluster-draft.ts";

const saved = {
  id: "c-1",
  name: "prod-us",
  source: "console" as const,
  addresses: ["https://a:8501", "https://b:8501"],
  hasToken: true,
  hasClientKey: false,
  caPem: "PEM",
  caValidUntil: null,
  clientCertPem: "",
  tlsServerName: "",
  tlsVerify: true,
  objectiveMinutes: 60,
  restoreApproval: "second-person" as const,
  createdAt: "2026-07-23T00:00:00Z",
  updatedAt: "2026-07-23T00:00:00Z",
};

describe("a cluster's draft", () => {
  it("leaves a stored token out, so that saving other fields keeps it", () => {
    expect(toInput(draftOf(saved))).not.toHaveProperty("token");
  });
  it("sends an empty token only when it is to be removed", () => {
    expect(toInput({ ...draftOf(saved), token: { act: "remove" } }).token).toBe("");
    expect(toInput({ ...draftOf(saved), token: { act: "replace", value: "t" } }).token).toBe("t");
  });
  it("takes addresses by line or comma, in the order they stand, without blank ones", () => {
    expect(toInput({ ...newDraft(), addresses: " a:8500 \n\n b:8500, c:8500\n" }).addresses).toEqual([
      "a:8500",
      "b:8500",
      "c:8500",
    ]);
  });
  it("keeps the policy of a saved cluster, and asks for no second person in a new one", () => {
    expect(toInput(draftOf(saved)).restoreApproval).toBe("second-person");
    expect(toInput(newDraft()).restoreApproval).toBe("none");
  });
  it("tests a saved cluster with its stored secrets", () => {
    const input = testInputOf({ ...saved, hasToken: false });
    expect(input.id).toBe("c-1");
    expect(input).not.toHaveProperty("token");
  });
});
