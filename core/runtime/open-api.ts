import { z } from "zod";
import { errorTable } from "#core/kernel/errors.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";
import type { Operations } from "./operations.ts";

type Json = Record<string, unknown>;
type JsonObject = { properties?: Record<string, Json>; required?: string[] } & Json;

/**
 * The OpenAPI 3.1 document of the JSON API, made from the same schemas that check inputs and answers, so that it
 * can't tell of anything else.
 */
export function createOpenApi(operations: Operations, options: { version: string; baseUrl: string }): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] ??= {};
    Object.assign(paths[endpoint.path] ?? {}, {
      [endpoint.method.toLowerCase()]: toOperation(endpoint, operations[endpoint.operation]),
    });
  }
  const schemas: Record<string, unknown> = { Problem: problemSchema };
  return {
    openapi: "3.1.0",
    info: {
      title: "Snapkeep",
      version: options.version,
      description:
        "Consul snapshots: take, verify, look inside, compare, restore. Every call needs an API token and leaves the audit row that the same act leaves in the browser.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: `${options.baseUrl}/api/v1` }],
    security: [{ token: [] }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    // Before the components, which it adds to.
    paths: liftDefinitions(paths, schemas),
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token: skt_…" },
      },
      schemas,
      responses: { Problem: problemResponse },
    },
  };
}

type AnyOperation = Operations[keyof Operations];

function toOperation(endpoint: Endpoint, operation: AnyOperation): Json {
  const input = toSchema(operation.input, "input");
  const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "");
  const hasJsonBody =
    endpoint.bytes === undefined && (endpoint.method === "POST" || endpoint.method === "PUT");
  const rest = without(input, [...inPath, ...(endpoint.bytes?.requestType === undefined ? [] : ["bytes"])]);
  return {
    operationId: operationId(endpoint),
    summary: endpoint.summary,
    tags: [endpoint.tag],
    description: permissionWords(operation),
    "x-permission": operation.permission,
    parameters: [
      ...inPath.map((name) => parameter("path", name, input)),
      ...(hasJsonBody
        ? []
        : Object.keys(rest.properties ?? {}).map((name) => parameter("query", name, rest))),
    ],
    ...requestBody(endpoint, hasJsonBody ? rest : null),
    responses: {
      [endpoint.status]: success(endpoint, operation),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

/** One name per endpoint: `snapshots.archive` has a HEAD of its own beside the download's GET. */
const operationId = ({ operation }: Endpoint): string => operation.replace(".", "_");

function permissionWords({ permission }: AnyOperation): string {
  return permission === null ? "For everybody who is known." : `Needs the permission \`${permission}\`.`;
}

function parameter(place: "path" | "query", name: string, from: JsonObject): Json {
  const required = place === "path" || (from.required ?? []).includes(name);
  return { name, in: place, required, schema: from.properties?.[name] ?? {} };
}

function requestBody(endpoint: Endpoint, json: JsonObject | null): Json {
  const bytesType = endpoint.bytes?.requestType;
  if (bytesType !== undefined)
    return {
      requestBody: {
        required: true,
        content: { [bytesType]: { schema: { type: "string", format: "binary" } } },
      },
    };
  if (json === null || Object.keys(json.properties ?? {}).length === 0) return {};
  return { requestBody: { required: true, content: { "application/json": { schema: json } } } };
}

function success(endpoint: Endpoint, operation: AnyOperation): Json {
  const types = endpoint.bytes?.responseTypes;
  if (endpoint.method === "HEAD") return { description: "Length and ETag stand in the headers." };
  if (types !== undefined) {
    const schema = { type: "string", format: "binary" };
    return {
      description: "The bytes.",
      content: Object.fromEntries(types.map((type) => [type, { schema }])),
    };
  }
  return {
    description: endpoint.status === 202 ? "It has begun; the answer holds its id." : "Done.",
    content: { "application/json": { schema: toSchema(operation.output, "output") } },
  };
}

function toSchema(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest as JsonObject;
}

/**
 * A schema that holds itself (any JSON value is one) comes with definitions of its own, which in this document stand
 * among the components. Equal ones stand there once.
 */
function liftDefinitions(document: Json, schemas: Record<string, unknown>): Json {
  const names = new Map<string, string>();
  const nameOf = (definition: unknown): string => {
    const text = JSON.stringify(definition);
    const name = names.get(text) ?? `Shared${names.size + 1}`;
    names.set(text, name);
    return name;
  };
  const visit = (value: unknown, local: Record<string, string>): unknown => {
    if (Array.isArray(value)) return value.map((item) => visit(item, local));
    if (typeof value !== "object" || value === null) return value;
    const { $defs, ...rest } = value as { $defs?: Record<string, unknown> };
    const within = { ...local };
    for (const [key, definition] of Object.entries($defs ?? {}))
      within[`#/$defs/${key}`] = `#/components/schemas/${nameOf(definition)}`;
    for (const definition of Object.values($defs ?? {}))
      schemas[nameOf(definition)] ??= visit(definition, within);
    return Object.fromEntries(
      Object.entries(rest).map(([key, item]) => [
        key,
        key === "$ref" && typeof item === "string" ? (within[item] ?? item) : visit(item, within),
      ]),
    );
  };
  return visit(document, {}) as Json;
}

function without(schema: JsonObject, names: readonly string[]): JsonObject {
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name));
  const required = (schema.required ?? []).filter((name) => !names.includes(name));
  const { required: _, ...rest } = schema;
  return {
    ...rest,
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
  };
}

const problemSchema = {
  type: "object",
  description: "RFC 9457. `code` is what programs should look at; `detail` is for people.",
  required: ["type", "title", "status", "detail", "code", "retryable", "requestId"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", enum: Object.keys(errorTable) },
    retryable: { type: "boolean" },
    requestId: { type: "string" },
    field: { type: "string" },
  },
};

const problemResponse = {
  description: "It was refused or failed.",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};
