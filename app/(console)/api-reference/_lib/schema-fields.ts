/** A field of a body, an answer or the query, in words. */
export type Field = {
  name: string;
  /** `string`, `integer or null`, `list of objects`, `"consistent" | "stale"`. */
  type: string;
  required: boolean;
  /** `at most 200 characters`, `5000 unless said`. */
  notes: string[];
  /** The fields of an object, or of the objects in a list. */
  children: Field[];
};

export type Json = Record<string, unknown>;

/** Deeper than any of our answers; a schema that holds itself ends here. */
const depthMax = 8;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The fields of an object's JSON schema; of anything else one field that has no name. */
export function toFields(schema: Json, root: Json = schema, depth = 0): Field[] {
  const target = resolve(schema, root);
  if (depth > depthMax || !isObject(target.properties)) return [];
  const required = listOf(target.required);
  return Object.entries(target.properties).map(([name, value]) =>
    toField(name, objectOf(value), required.includes(name), root, depth),
  );
}

export function toField(
  name: string,
  schema: Json,
  required: boolean,
  root: Json = schema,
  depth = 0,
): Field {
  const target = resolve(schema, root);
  const inner = innerObjects(schema, root);
  const [only] = inner;
  const children =
    inner.length <= 1 || depth >= depthMax
      ? toFields(only ?? {}, root, depth + 1)
      : inner.map((one, at) => ({
          name: at === 0 ? "either" : "or",
          type: "object",
          required: false,
          notes: [],
          children: toFields(one, root, depth + 1),
        }));
  return { name, type: typeWords(schema, root), required, notes: notesOf(target), children };
}

/** The object behind a field: itself, what a list holds, or each that it may be. */
function innerObjects(schema: Json, root: Json, within: readonly unknown[] = []): Json[] {
  if (within.includes(schema.$ref ?? schema)) return [];
  const inside = [...within, schema.$ref ?? schema];
  const target = resolve(schema, root);
  const options = optionsOf(target);
  if (options.length > 0) return options.flatMap((option) => innerObjects(option, root, inside));
  if (isObject(target.items)) return innerObjects(target.items, root, inside);
  if (isObject(target.properties)) return [target];
  return isObject(target.additionalProperties) ? innerObjects(target.additionalProperties, root, inside) : [];
}

const optionsOf = (schema: Json): Json[] =>
  [...listOf(schema.anyOf), ...listOf(schema.oneOf)].filter(isObject);

/** A reference within the same schema; one that leads nowhere is anything. */
function resolve(schema: Json, root: Json): Json {
  const { $ref } = schema;
  if (typeof $ref !== "string") return schema;
  return $ref
    .split("/")
    .slice(1)
    .reduce<Json>((at, part) => objectOf(at[part]), root);
}

/** A value that holds values of its own kind says so once. */
const sameWords = "the same";

function typeWords(schema: Json, root: Json, within: readonly unknown[] = []): string {
  if (within.includes(schema.$ref ?? schema)) return sameWords;
  const inside = [...within, schema.$ref ?? schema];
  const target = resolve(schema, root);
  if ("const" in target) return JSON.stringify(target.const);
  const values = listOf(target.enum);
  if (values.length > 0) return values.map((value) => JSON.stringify(value)).join(" | ");
  const options = optionsOf(target);
  if (options.length > 0)
    return [...new Set(options.map((option) => typeWords(option, root, inside)))].join(" or ");
  if (Array.isArray(target.type)) return target.type.map(String).join(" or ");
  if (target.type === "array") return listWords(target, root, inside);
  if (target.type === "object" && isObject(target.additionalProperties)) {
    return `object of ${plural(typeWords(target.additionalProperties, root, inside))} by name`;
  }
  if (target.format === "date-time") return "time";
  if (target.format === "binary") return "bytes";
  return textOf(target.type) || "anything";
}

function listWords(target: Json, root: Json, within: readonly unknown[]): string {
  const parts = listOf(target.prefixItems).filter(isObject);
  if (parts.length > 0) return `[${parts.map((part) => typeWords(part, root, within)).join(", ")}]`;
  return `list of ${plural(typeWords(objectOf(target.items), root, within))}`;
}

const plural = (type: string): string => (/^[a-z]+$/.test(type) && type !== "anything" ? `${type}s` : type);

const patternCharsMax = 40;

function notesOf(schema: Json): string[] {
  const number = (name: string) => (typeof schema[name] === "number" ? (schema[name] as number) : null);
  const notes: string[] = [];
  const [min, max] = [number("minimum"), number("maximum")];
  if (min !== null && min > Number.MIN_SAFE_INTEGER) notes.push(`from ${min}`);
  if (max !== null && max < Number.MAX_SAFE_INTEGER) notes.push(`up to ${max}`);
  const chars = number("maxLength");
  if (chars !== null) notes.push(`at most ${chars} characters`);
  const items = number("maxItems");
  if (items !== null) notes.push(`at most ${items}`);
  const pattern = textOf(schema.pattern);
  if (pattern !== "" && schema.format === undefined && pattern.length <= patternCharsMax) notes.push(pattern);
  if (schema.default !== undefined) notes.push(`${JSON.stringify(schema.default)} unless said`);
  const words = textOf(schema.description);
  return words === "" ? notes : [words, ...notes];
}
