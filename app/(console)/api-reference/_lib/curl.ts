import type { Content, EndpointView } from "./reference.ts";
import type { Field } from "./schema-fields.ts";

type Given = Pick<EndpointView, "parameters" | "body" | "answer"> & { method: string; url: string };

/** The call as a shell would make it. What has to be filled in stands in capitals or as an ellipsis. */
export function curlOf({ method, url, parameters, body, answer }: Given): string {
  const needed = parameters.filter(({ place, required }) => place === "query" && required);
  const query = needed.map(({ name }) => `${name}=${capitals(name)}`).join("&");
  const address = url.replace(/\{(\w+)\}/g, (_, name: string) => capitals(name));
  return [
    "curl",
    ...methodFlags(method, body),
    '-H "Authorization: Bearer $SNAPKEEP_TOKEN"',
    ...bodyFlags(body),
    ...(sendsBytes(answer) && method === "get" ? ["-OJ"] : []),
    query === "" ? address : `"${address}?${query}"`,
  ].join(" ");
}

/** `clusterId` is CLUSTER_ID. */
const capitals = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

function methodFlags(method: string, body: Content | null): string[] {
  if (method === "head") return ["-I"];
  return method === "get" || (method === "post" && body !== null) ? [] : ["-X", method.toUpperCase()];
}

function bodyFlags(body: Content | null): string[] {
  if (body === null) return [];
  if (!body.types.includes("application/json")) {
    return [`-H "Content-Type: ${body.types[0] ?? ""}"`, "--data-binary @backup.snap"];
  }
  const needed = body.fields.filter((field) => field.required);
  const example = JSON.stringify(Object.fromEntries(needed.map((field) => [field.name, exampleOf(field)])));
  return ['-H "Content-Type: application/json"', `-d '${example}'`];
}

const sendsBytes = ({ types }: Content): boolean => types.length > 0 && !types.includes("application/json");

function exampleOf({ type, children }: Field): unknown {
  const [first] = children;
  if (first !== undefined) {
    const fields = first.name === "either" ? first.children : children;
    const value = Object.fromEntries(
      fields.filter((field) => field.required).map((field) => [field.name, exampleOf(field)]),
    );
    return type.startsWith("list") ? [value] : value;
  }
  if (type.startsWith('"')) return JSON.parse(type.split(" | ")[0] ?? '""');
  if (type.startsWith("list")) return ["…"];
  if (type === "integer" || type === "number") return 1;
  return type === "boolean" ? true : "…";
}
