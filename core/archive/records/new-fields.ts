import type { FieldValue } from "./visitor.ts";

type MutableFields = { [name: string]: FieldValue };

/** Its prototype has nothing in it. Such objects are faster to fill than those of `Object.create(null)`. */
class Fields {
  [name: string]: FieldValue;
}
Object.setPrototypeOf(Fields.prototype, null);
Reflect.deleteProperty(Fields.prototype, "constructor");

/** An object that has no name but those it is given: `__proto__` is one like any other. */
export function newFields(values?: MutableFields): MutableFields {
  return values === undefined ? new Fields() : Object.assign(new Fields(), values);
}
