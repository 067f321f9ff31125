import { expect, it } from "vitest";
import { differingFields } from "./differences.ts";

it("takes what Go leaves out for zero, and a duration in words for its nanoseconds", () => {
  const snapshot = {
    Name: "web",
    ConnectTimeout: 90_000_000_000,
    Redirect: null,
    Expose: { Checks: false, Paths: [] },
  };
  expect(differingFields(snapshot, { Name: "web", ConnectTimeout: "1m30s", Expose: {} })).toEqual([]);
  expect(differingFields(snapshot, { Name: "web", ConnectTimeout: "90s" })).toEqual([]);
  expect(differingFields(snapshot, { Name: "web", ConnectTimeout: "91s" })).toEqual(["ConnectTimeout"]);
  expect(
    differingFields(snapshot, { Name: "db", ConnectTimeout: "90s", Redirect: { Service: "x" } }),
  ).toEqual(["Name", "Redirect"]);
});

it("counts an entry of a map although there is nothing in it", () => {
  expect(differingFields({ Subsets: { v1: {} } }, { Subsets: {} })).toEqual(["Subsets"]);
  expect(differingFields({ Subsets: { v1: { Filter: "" } } }, { Subsets: { v1: {} } })).toEqual([]);
  expect(differingFields({ Meta: { a: "" } }, {})).toEqual(["Meta"]);
  expect(differingFields({ Config: { on: false } }, { Config: { on: true } })).toEqual(["Config"]);
});

it("compares lists in their order", () => {
  const splits = [{ Weight: 90 }, { Weight: 10 }];
  expect(differingFields({ Splits: splits }, { Splits: [...splits].reverse() })).toEqual(["Splits"]);
  expect(differingFields({ Splits: splits }, { Splits: splits.slice(0, 1) })).toEqual(["Splits"]);
});
