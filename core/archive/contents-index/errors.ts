/** What is wrong with the bytes of an index. */
export type ContentsIndexErrorCode =
  /** The bytes are no index of this program. */
  | "NOT_AN_INDEX"
  /** An index of another version of the format. */
  | "VERSION"
  /** The index of another archive. */
  | "FOREIGN"
  /** It ends too early. */
  | "CUT"
  /** A checksum or a length is wrong. */
  | "DAMAGED"
  /** Something in it exceeds what a reader accepts; raised by the writer, too. */
  | "TOO_LARGE";

/** The index can't be used: throw it away and make it again from its archive. Nothing of it was believed. */
export class ContentsIndexError extends Error {
  readonly code: ContentsIndexErrorCode;

  constructor(code: ContentsIndexErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ContentsIndexError";
    this.code = code;
  }
}

/** The index is fine, but what was asked of it is not: a foreign cursor, a limit out of range, a bad pattern. */
export class ContentsQueryError extends Error {
  readonly field: "after" | "limit" | "pattern" | "separator" | "key" | "budgetMs" | "filter";

  constructor(field: ContentsQueryError["field"], message: string) {
    super(message);
    this.name = "ContentsQueryError";
    this.field = field;
  }
}

export function damaged(what: string, cause?: unknown): ContentsIndexError {
  return new ContentsIndexError("DAMAGED", `The contents index is damaged: ${what}.`, cause);
}
