import { ApiError } from "#app/_client/api.ts";

/** `grants.0.role` is about the field `grants`. */
function fieldOf(error: unknown): string | null {
  return error instanceof ApiError && error.field !== undefined ? (error.field.split(".")[0] ?? null) : null;
}

/** The words of a refusal beside the field that it is about. @param fields those that the form shows. */
export function fieldErrors<Field extends string>(
  error: unknown,
  fields: readonly Field[],
): Partial<Record<Field, string>> {
  const field = fields.find((name) => name === fieldOf(error));
  return field === undefined || !(error instanceof Error)
    ? {}
    : ({ [field]: error.message } as Partial<Record<Field, string>>);
}

/** The error when it is about none of the fields, for the end of the form. */
export function formError(error: unknown, fields: readonly string[]): unknown {
  const field = fieldOf(error);
  return field !== null && fields.includes(field) ? null : error;
}
