import { describe, expect, it } from "vitest";
import { placeKey, placeOfKey, placeWords } from "./grant-words.ts";

const clusters = [{ id: "c-1", name: "prod-us", datacenters: ["dc1"] }];

describe("placeWords", () => {
  it("says for every kind of place how far it reaches", () => {
    expect(placeWords({ clusterId: null, datacenter: null }, clusters)).toBe("all clusters");
    expect(placeWords({ clusterId: "c-1", datacenter: null }, clusters)).toBe("all of prod-us");
    expect(placeWords({ clusterId: "c-1", datacenter: "dc1" }, clusters)).toBe("dc1 in prod-us");
  });

  it("shows the id of a cluster that isn't known any more", () => {
    expect(placeWords({ clusterId: "c-9", datacenter: null }, clusters)).toBe("all of c-9");
  });
});

describe("placeKey", () => {
  it("comes back as the same place, whatever the datacenter is called", () => {
    for (const place of [
      { clusterId: null, datacenter: null },
      { clusterId: "c-1", datacenter: null },
      { clusterId: "c-1", datacenter: "eu/west/1" },
    ]) {
      expect(placeOfKey(placeKey(place))).toEqual(place);
    }
  });
});
