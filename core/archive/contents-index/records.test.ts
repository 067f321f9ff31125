import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FieldValue } from "../records/visitor.ts";
import { ContentsQueryError } from "./errors.ts";
import { makeIndex, otherRecord, sourceOf } from "./index-for-tests.ts";
import { openContentsIndex } from "./open.ts";
import { decodeFields, encodeFields } from "./record-json.ts";

const nullObject = (fields: Record<string, FieldValue>) => Object.assign(Object.create(null), fields);

const fieldValue = fc.letrec<{ value: FieldValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.string({ unit: "binary" }),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom("$", "cut", "__proto__", "v"), fc.string()), tie("value")), {
        maxLength: 4,
      })
      .map((pairs) => {
        const fields: Record<string, FieldValue> = Object.create(null);
        for (const [name, value] of pairs) fields[name] = value;
        return fields;
      }),
  ),
})).value;

describe("fields in an index", () => {
  it("come back as they were, whatever they are", () => {
    fc.assert(
      fc.property(fieldValue, (value) => {
        const decoded = decodeFields(JSON.parse(encodeFields({ value })));
        expect(decoded).toEqual(nullObject({ value }));
        expect(Object.is(decoded.value, value) || typeof value !== "number").toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("too large leave their length, and the rest of the record stays", () => {
    const large = "ü".repeat(40_000);
    const decoded = decodeFields(
      JSON.parse(encodeFields({ large, bytes: new Uint8Array(70_000), small: "x" })),
    );
    expect(decoded).toEqual(
      nullObject({ large: { cut: true, bytes: 80_000 }, bytes: { cut: true, bytes: 70_000 }, small: "x" }),
    );
    const many = Array.from({ length: 40 }, () => "y".repeat(60_000));
    const cut = encodeFields({ many, small: "x" });
    expect(cut).toBe('{"many":{"cut":true,"bytes":2400121},"small":"x"}');
  });

  it("nested without end are cut, not followed", () => {
    let deep: FieldValue = "bottom";
    for (let i = 0; i < 20_000; i += 1) deep = [deep];
    expect(encodeFields({ deep }).length).toBeLessThan(1000);
  });
});

const sessions = Array.from({ length: 1300 }, (_, i) =>
  otherRecord(
    "session",
    `s${i}`,
    { ID: `s${i}`, Node: i % 100 === 0 ? "Berlin" : "elsewhere" },
    100 + i * 50,
  ),
);

describe("records in an index", () => {
  it("come in pages, each exactly once, in the order of state.bin, and counted by kind", async () => {
    const node = otherRecord("node", "n", { Node: "n" });
    const index = await openContentsIndex(sourceOf(makeIndex([node, ...sessions])));
    expect(index.kinds()).toEqual([
      { kind: "session", count: 1300, bytes: 65_000 },
      { kind: "node", count: 1, bytes: 50 },
    ]);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await index.records("session", { limit: 77, after });
      seen.push(...page.items.map((item) => item.identity));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(sessions.map((session) => session.identity));
    expect((await index.records("check", { limit: 1 })).items).toEqual([]);
  });

  it("are found by text in any case, also when the budget ends every page", async () => {
    const index = await openContentsIndex(sourceOf(makeIndex(sessions)));
    for (const budgetMs of [0, 1000]) {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await index.records("session", { limit: 5, after, filter: "bERLIN", budgetMs });
        seen.push(...page.items.map((item) => item.identity));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(seen).toEqual(Array.from({ length: 13 }, (_, i) => `s${i * 100}`));
    }
  });

  it("are not found by what is only the form of the index", async () => {
    const index = await openContentsIndex(sourceOf(makeIndex(sessions)));
    for (const filter of ['"', "Node", "[", ":"]) {
      expect((await index.records("session", { limit: 5, filter })).items).toEqual([]);
    }
  });

  it("never hold a secret in clear, not in fields and not in identities", async () => {
    const secret = "b1gs08-its-a-secret-value";
    const bytes = makeIndex([
      otherRecord("acl-token", "accessor", { AccessorID: "accessor", SecretID: secret }),
      otherRecord("acl-legacy", secret, { ID: secret, Name: "old" }),
    ]);
    const index = await openContentsIndex(sourceOf(bytes));
    const token = (await index.records("acl-token", { limit: 1 })).items[0];
    const legacy = (await index.records("acl-legacy", { limit: 1 })).items[0];
    expect(JSON.stringify([token, legacy])).not.toContain(secret);
    expect(token?.fields.SecretID).toMatchObject({ redacted: true, bytes: secret.length });
    // Equal secrets are seen as equal.
    expect(legacy?.fields.ID).toEqual(token?.fields.SecretID);
    expect(legacy?.identity).toMatch(/^old\/sealed [0-9a-f]{12}$/);
  });

  it("refuse the cursor of another question", async () => {
    const index = await openContentsIndex(sourceOf(makeIndex(sessions)));
    const { next } = await index.records("session", { limit: 5 });
    const other = index.records("session", { limit: 5, after: next ?? "", filter: "x" });
    await expect(other).rejects.toBeInstanceOf(ContentsQueryError);
  });
});
