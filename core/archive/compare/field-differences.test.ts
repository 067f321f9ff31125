import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FieldValue, RecordFields } from "../records/visitor.ts";
import { canonicalRecord } from "./canonical.ts";
import { diffFields } from "./field-differences.ts";

const { value } = fc.letrec<{ value: FieldValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<FieldValue>(null, true, false, 0, 1, "", "a", 2n ** 60n),
    fc.constantFrom<FieldValue>(new Uint8Array(), new Uint8Array([1])),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("Name", "Meta", "x-y", "ModifyIndex"), tie("value"), { maxKeys: 4 }),
  ),
}));
const fields: fc.Arbitrary<RecordFields> = fc.dictionary(
  fc.constantFrom("ID", "Meta", "Tags", "Check", "CreateIndex"),
  value,
  { maxKeys: 5 },
);

/** The same with every map turned round. */
function turned(from: FieldValue): FieldValue {
  if (from === null || typeof from !== "object" || from instanceof Uint8Array) {
    return from;
  }
  return Array.isArray(from)
    ? from.map(turned)
    : Object.fromEntries(
        Object.entries(from)
          .reverse()
          .map(([name, item]) => [name, turned(item)]),
      );
}

describe("diffFields", () => {
  it("finds a difference exactly where the comparison finds one, churn or not", () => {
    fc.assert(
      fc.property(fields, fields, (before, after) => {
        const found = diffFields(before, after);
        const [a, b] = [canonicalRecord(before, {}), canonicalRecord(after, {})];
        expect(found.length > 0).toBe(a.content !== b.content || a.churn !== b.churn);
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not mind the order of maps", () => {
    fc.assert(
      fc.property(fields, (before) => {
        expect(diffFields(before, turned(before) as RecordFields)).toEqual([]);
        expect(canonicalRecord(turned(before) as RecordFields, {})).toEqual(canonicalRecord(before, {}));
      }),
      { numRuns: 500 },
    );
  });

  it("tells each field with its path, and which is churn", () => {
    const before = {
      Check: { Status: "passing", Output: "a", ModifyIndex: 1 },
      Node: "n",
      NodeMeta: { a: "1" },
    };
    const after = {
      Check: { Status: "critical", Output: "b", ModifyIndex: 2 },
      Node: "n",
      NodeMeta: { a: "2" },
    };
    expect(diffFields(before, after, { kind: "check", identity: "n/c" })).toEqual([
      { path: ["Check", "ModifyIndex"], before: 1, after: 2, churn: true },
      { path: ["Check", "Output"], before: "a", after: "b", churn: true },
      { path: ["Check", "Status"], before: "passing", after: "critical", churn: false },
    ]);
    expect(
      diffFields(
        { Value: "a" },
        { Value: "b" },
        { kind: "system-metadata", identity: "server-management-token" },
      ),
    ).toEqual([{ path: ["Value"], before: "a", after: "b", churn: true }]);
  });

  it("tells list items that were put in, taken out or changed", () => {
    const policy = (Name: string, ID = Name) => ({ ID, Name });
    const before = { Policies: [policy("a"), policy("b"), policy("c")], Tags: ["x"] };
    const after = { Policies: [policy("a"), policy("B", "b"), policy("c"), policy("d")], Tags: [] };
    expect(diffFields(before, after)).toEqual([
      { path: ["Policies", 1, "Name"], before: "b", after: "B", churn: false },
      { path: ["Policies", 3], before: undefined, after: policy("d"), churn: false },
      { path: ["Tags", 0], before: "x", after: undefined, churn: false },
    ]);
  });

  it("takes a missing field as an empty one, but not in people's own maps", () => {
    expect(diffFields({ Peer: "", Locality: null, Port: 0 }, { Weights: {} })).toEqual([]);
    expect(diffFields({ Meta: { A: "" } }, { Meta: {} })).toHaveLength(1);
  });

  it("tells a list that changed beyond measure as a whole", () => {
    const many = (from: number) => Array.from({ length: 3_000 }, (_, at) => `${from + at}`);
    expect(diffFields({ Tags: many(0) }, { Tags: many(9_000) })).toHaveLength(1);
  });

  it("tells a redacted field as one", () => {
    const hidden = (fingerprint: string) => ({ redacted: true, bytes: 36, fingerprint });
    const [before, after] = [hidden("3f9a"), hidden("b01c")];
    expect(diffFields({ SecretID: before }, { SecretID: after })).toEqual([
      { path: ["SecretID"], before, after, churn: false },
    ]);
    expect(diffFields({ SecretID: before }, { SecretID: hidden("3f9a") })).toEqual([]);
  });
});
