import { expect, it } from "vitest";
import { clusterNamed } from "./records.ts";

it("a cluster that is named like another one's id doesn't get that one's roles", () => {
  const clusters = [
    { id: "c-mine", name: "c-prod" },
    { id: "c-prod", name: "prod" },
  ];
  expect(clusterNamed(clusters, "c-prod")).toBe("c-prod");
  expect(clusterNamed(clusters, "prod")).toBe("c-prod");
  expect(clusterNamed(clusters, "gone")).toBeNull();
});
