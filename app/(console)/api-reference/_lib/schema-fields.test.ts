import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Field, type Json, toFields } from "./schema-fields.ts";

const fieldsOf = (schema: z.ZodType): Field[] => toFields(z.toJSONSchema(schema, { io: "input" }) as Json);

describe("toFields", () => {
  it("says type, need, limits and default of each field", () => {
    const fields = fieldsOf(
      z.object({
        name: z.string().max(60),
        mode: z.enum(["a", "b"]).default("a"),
        days: z.number().int().min(1).nullable(),
        at: z.iso.datetime().optional(),
      }),
    );
    expect(fields.map(({ name, type, required, notes }) => [name, type, required, notes])).toEqual([
      ["name", "string", true, ["at most 60 characters"]],
      ["mode", '"a" | "b"', false, ['"a" unless said']],
      ["days", "integer or null", true, []],
      ["at", "time", false, []],
    ]);
  });

  it("opens objects, the objects in lists, and those that may be null", () => {
    const inner = z.object({ id: z.string() });
    const fields = fieldsOf(z.object({ one: inner, many: z.array(inner), perhaps: inner.nullable() }));
    expect(fields.map(({ type }) => type)).toEqual(["object", "list of objects", "object or null"]);
    for (const field of fields) expect(field.children.map(({ name }) => name)).toEqual(["id"]);
  });

  it("shows every form that a field can have", () => {
    const fields = fieldsOf(
      z.object({
        side: z.union([z.object({ snapshotId: z.string() }), z.object({ clusterId: z.string() })]),
      }),
    );
    expect(fields[0]?.children.map(({ name, children }) => [name, children[0]?.name])).toEqual([
      ["either", "snapshotId"],
      ["or", "clusterId"],
    ]);
  });

  it("says of a value of any depth that it holds the same, once", () => {
    const document = {
      Any: { anyOf: [{ type: "string" }, { type: "array", items: { $ref: "#/Any" } }] },
      body: { type: "object", properties: { value: { $ref: "#/Any" } } },
    };
    expect(toFields(document.body, document)[0]?.type).toBe("string or list of the same");
  });

  it("ends for a schema that holds itself", () => {
    const node: z.ZodType = z.object({
      name: z.string(),
      get children() {
        return z.array(node);
      },
    });
    expect(fieldsOf(node).map(({ name }) => name)).toEqual(["name", "children"]);
  });
});
