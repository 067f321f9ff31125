import { curlOf } from "./curl.ts";
import {
  type Field,
  isObject,
  type Json,
  listOf,
  objectOf,
  textOf,
  toField,
  toFields,
} from "./schema-fields.ts";

export type EndpointView = {
  id: string;
  method: string;
  /** Below `/api/v1`. */
  path: string;
  summary: string;
  /** null: for everybody who is known. */
  permission: string | null;
  parameters: (Field & { place: "path" | "query" })[];
  body: Content | null;
  answer: Content & { status: string; words: string };
  curl: string;
};
/** `fields` is empty for bytes, and for JSON that has none. */
export type Content = { types: string[]; fields: Field[] };
export type Section = { tag: string; endpoints: EndpointView[] };

const methods = ["get", "head", "post", "put", "delete"] as const;

/** The OpenAPI document as a page shows it: by tag, in the document's order. */
export function toSections(document: Json): Section[] {
  const base = textOf(objectOf(listOf(document.servers)[0]).url);
  const sections = new Map<string, EndpointView[]>();
  for (const [path, item] of Object.entries(objectOf(document.paths))) {
    for (const method of methods) {
      const operation = objectOf(item)[method];
      if (!isObject(operation)) continue;
      const tag = textOf(listOf(operation.tags)[0]);
      sections.set(tag, [
        ...(sections.get(tag) ?? []),
        toEndpoint(method, path, operation, { base, document }),
      ]);
    }
  }
  return [...sections].map(([tag, endpoints]) => ({ tag, endpoints }));
}

type Around = { base: string; document: Json };

function toEndpoint(method: string, path: string, operation: Json, { base, document }: Around): EndpointView {
  const parameters = listOf(operation.parameters).map((value) => toParameter(objectOf(value), document));
  const body = isObject(operation.requestBody) ? contentOf(operation.requestBody, document) : null;
  const answer = answerOf(objectOf(operation.responses), document);
  return {
    id: `${method}-${path.replace(/[{}]/g, "").split("/").filter(Boolean).join("-")}`,
    method: method.toUpperCase(),
    path,
    summary: textOf(operation.summary),
    permission: textOf(operation["x-permission"]) || null,
    parameters,
    body,
    answer,
    curl: curlOf({ method, url: base + path, parameters, body, answer }),
  };
}

function toParameter(value: Json, document: Json): EndpointView["parameters"][number] {
  const field = toField(textOf(value.name), objectOf(value.schema), value.required === true, document);
  return { ...field, place: value.in === "path" ? "path" : "query" };
}

function contentOf(holder: Json, document: Json): Content {
  const content = objectOf(holder.content);
  const schema = objectOf(objectOf(content["application/json"]).schema);
  return { types: Object.keys(content), fields: toFields(schema, document) };
}

function answerOf(responses: Json, document: Json): EndpointView["answer"] {
  const status = Object.keys(responses).find((name) => name !== "default") ?? "200";
  const response = objectOf(responses[status]);
  return { status, words: textOf(response.description), ...contentOf(response, document) };
}
