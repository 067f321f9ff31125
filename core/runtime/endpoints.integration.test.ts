import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { operationNames } from "#core/testing/operation-table.ts";
import { type OperationName, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { endpoints, matchEndpoint, withoutEndpoint } from "./endpoints.ts";

let snapkeep: TestRuntime;
beforeAll(async () => {
  snapkeep = await startRuntime({ consulAddress: "" });
});
afterAll(() => snapkeep?.remove());

type Described = {
  operationId: string;
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: { properties?: object } }> };
  responses: Record<string, unknown>;
  "x-permission": string | null;
};
const document = () => snapkeep.runtime.openApi() as { paths: Record<string, Record<string, Described>> };
const describedAs = (method: string, path: string) => document().paths[path]?.[method.toLowerCase()];
const inputOf = (name: OperationName) => {
  const schema = snapkeep.runtime.operations[name].input as z.ZodType & { shape?: Record<string, unknown> };
  return Object.keys(schema.shape ?? {});
};

describe("the JSON API", () => {
  it("has an endpoint for every operation, or a reason", () => {
    const there = new Set<string>(endpoints.map(({ operation }) => operation));
    for (const name of operationNames) {
      const reasons = withoutEndpoint.filter(({ which }) => which.test(name));
      expect([name, there.has(name) !== reasons.length > 0]).toEqual([name, true]);
    }
    for (const { which } of withoutEndpoint)
      expect(operationNames.some((name) => which.test(name))).toBe(true);
  });

  it("has no two endpoints at one place, and finds each at its own", () => {
    const places = endpoints.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(places).size).toBe(places.length);
    for (const endpoint of endpoints) {
      const filled = endpoint.path.replaceAll(/\{\w+\}/g, "x%2Fy");
      const match = matchEndpoint(endpoint.method, filled);
      expect("endpoint" in match && match.endpoint, endpoint.path).toBe(endpoint);
      if ("endpoint" in match) for (const value of Object.values(match.params)) expect(value).toBe("x/y");
    }
  });

  it("takes path parameters that the operation knows", () => {
    for (const { path, operation } of endpoints) {
      for (const [, name = ""] of path.matchAll(/\{(\w+)\}/g))
        expect(inputOf(operation), path).toContain(name);
    }
  });

  it("says which methods a path has, and knows no others", () => {
    expect(matchEndpoint("PATCH", "/snapshots/s-1")).toEqual({ allowed: ["GET", "DELETE"] });
    expect(matchEndpoint("GET", "/snapshots/s-1/nothing")).toEqual({ allowed: [] });
    expect(matchEndpoint("GET", "/snapshots//custody")).toEqual({ allowed: [] });
    expect(matchEndpoint("GET", "/__proto__")).toEqual({ allowed: [] });
  });
});

describe("the OpenAPI document", () => {
  it("is a good OpenAPI 3.1 document", async () => {
    const result = await new Validator().validate(document());
    expect(result.errors ?? []).toEqual([]);
    expect(result).toMatchObject({ valid: true });
    expect(document()).toMatchObject({ openapi: "3.1.0", security: [{ token: [] }] });
  });

  it("describes exactly the endpoints that there are", () => {
    const described = Object.entries(document().paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(endpoints.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it("names every input of the operation behind it, once, and its permission", () => {
    for (const { method, path, operation, bytes, status } of endpoints) {
      const found = describedAs(method, path);
      const body = found?.requestBody?.content["application/json"]?.schema.properties ?? {};
      const named = [...(found?.parameters ?? []).map(({ name }) => name), ...Object.keys(body)];
      const wanted = inputOf(operation).filter(
        (name) => !(bytes?.requestType !== undefined && name === "bytes"),
      );
      expect(named.sort(), `${method} ${path}`).toEqual(wanted.sort());
      expect(found?.["x-permission"]).toBe(snapkeep.runtime.operations[operation].permission);
      expect(Object.keys(found?.responses ?? {}).sort()).toEqual([String(status), "default"].sort());
    }
  });

  it("gives each operation an id of its own", () => {
    const ids = Object.values(document().paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
