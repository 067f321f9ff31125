import { describe, expect, it } from "vitest";
import { givableBy } from "./givable.ts";

const grant = (role: string, clusterId: string | null = null, datacenter: string | null = null) => ({
  role,
  clusterId,
  datacenter,
});

describe("givableBy", () => {
  it("lets an administrator of all clusters give every role everywhere", () => {
    expect(Object.values(givableBy([grant("administrator")]))).toEqual([null, null, null, null, null]);
  });

  it("never offers a role that holds more than its giver", () => {
    const givable = givableBy([grant("operator")]);
    expect(givable.operator).toBeNull();
    expect(givable.restorer).toEqual([]);
    expect(givable.administrator).toEqual([]);
  });

  it("offers a role only in the places where its giver holds it", () => {
    const givable = givableBy([grant("viewer"), grant("operator", "c-1"), grant("restorer", "c-2", "dc1")]);
    expect(givable.viewer).toBeNull();
    expect(givable.operator).toEqual([
      { clusterId: "c-1", datacenter: null },
      { clusterId: "c-2", datacenter: "dc1" },
    ]);
    expect(givable.restorer).toEqual([{ clusterId: "c-2", datacenter: "dc1" }]);
  });

  it("gives nothing for a role that nobody knows", () => {
    expect(givableBy([grant("emperor")]).viewer).toEqual([]);
  });
});
