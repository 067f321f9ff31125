import { expect, it } from "vitest";
import type { FieldDifference } from "#core/comparisons/contract.ts";
import { toLeaves } from "./fields.ts";

it("opens a record of one side down to its values, and leaves out what is empty", () => {
  const service = {
    ID: "web-1",
    Port: 8_000,
    Tags: ["v2"],
    Meta: {},
    Kind: "",
    Native: false,
    ModifyIndex: 7,
  };
  expect(toLeaves([{ path: "Service", after: service, churn: false }])).toEqual([
    { path: "Service.ID", after: "web-1", churn: false },
    { path: "Service.Port", after: 8_000, churn: false },
    { path: "Service.Tags", after: ["v2"], churn: false },
    { path: "Service.ModifyIndex", after: 7, churn: true },
  ]);
});

it("keeps secrets, bytes and changed fields whole", () => {
  const secret = { redacted: true, bytes: 36, fingerprint: "3f9a" };
  const fields: FieldDifference[] = [
    { path: "SecretID", before: secret, churn: false },
    { path: "Hash", before: { base64: "AAE=" }, churn: false },
    { path: "Rules", before: { a: 1 }, after: { a: 2 }, churn: false },
  ];
  expect(toLeaves(fields)).toEqual(fields);
});
