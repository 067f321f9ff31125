import { expect, it } from "vitest";
import { parseGrants, toGrantsJson } from "./grants.ts";

const operator = { role: "operator", clusterId: "c-1", datacenter: "dc1" };

it("grants are read as they were written, also of a role that nobody knows any more", () => {
  const grants = [operator, { role: "gone", clusterId: null, datacenter: null }];
  expect(parseGrants(toGrantsJson(grants))).toEqual(grants);
});

it.each([
  null,
  undefined,
  "",
  "{",
  "null",
  "{}",
  JSON.stringify([operator, { role: "operator" }]),
  JSON.stringify([operator, { ...operator, clusterId: null }]),
])("damaged ones grant nothing: %s", (json) => {
  expect(parseGrants(json)).toEqual([]);
});
