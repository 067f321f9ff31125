/**
 * What a value of a record is. Old msgpack has one kind of value for text and bytes, so the shape has to tell them
 * apart; it also says where a value of another kind means that Consul could not load the record. Fields without a
 * shape are read as they come: newer versions add some, and a map of settings can hold anything.
 */
export type Shape =
  /** Whatever it is; bytes that are UTF-8 are text. */
  | "any"
  /** Text, or bytes where it is no UTF-8. */
  | "text"
  | "bytes"
  | "time"
  /** A raft index. */
  | "index"
  | { readonly kind: "struct"; readonly fields: ReadonlyMap<string, Shape> }
  | { readonly kind: "list"; readonly item: Shape }
  /** A map whose keys are data. */
  | { readonly kind: "map"; readonly item: Shape }
  /** Text that holds another encoded value in its bytes; a value that is no text is taken as the value itself. */
  | { readonly kind: "packed"; readonly content: Shape };

export function struct(fields: { readonly [name: string]: Shape }): Shape {
  return { kind: "struct", fields: new Map(Object.entries(fields)) };
}

export function listOf(item: Shape): Shape {
  return { kind: "list", item };
}

export function mapOf(item: Shape): Shape {
  return { kind: "map", item };
}

export function packed(content: Shape): Shape {
  return { kind: "packed", content };
}
