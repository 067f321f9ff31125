/**
 * Every failure that a person or a program can meet has one of these codes. The table below decides what a
 * door (action, route, stream) answers and how loudly it is logged, so that no door decides it on its own.
 */
export type ErrorCode =
  | "invalid_input"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_large"
  | "rate_limited"
  | "cancelled"
  | "ticket_invalid"
  | "range_invalid"
  | "archive_invalid"
  | "storage_full"
  | "storage_failed"
  | "consul_unreachable"
  | "consul_tls"
  | "consul_no_leader"
  | "consul_denied"
  | "consul_unknown_datacenter"
  | "consul_error"
  | "consul_broken_stream"
  | "outcome_unknown"
  | "stopping"
  | "internal";

type Row = {
  /** The HTTP status that a door answers. */
  status: number;
  logLevel: "debug" | "info" | "warn" | "error";
  /** Expected failures carry their own words to the browser; unexpected ones stay generic there. */
  expected: boolean;
};

export const errorTable: Record<ErrorCode, Row> = {
  invalid_input: { status: 400, logLevel: "debug", expected: true },
  unauthenticated: { status: 401, logLevel: "debug", expected: true },
  forbidden: { status: 403, logLevel: "info", expected: true },
  not_found: { status: 404, logLevel: "debug", expected: true },
  conflict: { status: 409, logLevel: "info", expected: true },
  too_large: { status: 413, logLevel: "info", expected: true },
  rate_limited: { status: 429, logLevel: "info", expected: true },
  cancelled: { status: 499, logLevel: "info", expected: true },
  ticket_invalid: { status: 403, logLevel: "info", expected: true },
  range_invalid: { status: 416, logLevel: "debug", expected: true },
  archive_invalid: { status: 422, logLevel: "warn", expected: true },
  storage_full: { status: 507, logLevel: "error", expected: true },
  storage_failed: { status: 500, logLevel: "error", expected: true },
  consul_unreachable: { status: 502, logLevel: "warn", expected: true },
  consul_tls: { status: 502, logLevel: "warn", expected: true },
  consul_no_leader: { status: 503, logLevel: "warn", expected: true },
  consul_denied: { status: 502, logLevel: "warn", expected: true },
  consul_unknown_datacenter: { status: 502, logLevel: "warn", expected: true },
  consul_error: { status: 502, logLevel: "warn", expected: true },
  consul_broken_stream: { status: 502, logLevel: "warn", expected: true },
  outcome_unknown: { status: 502, logLevel: "error", expected: true },
  stopping: { status: 503, logLevel: "info", expected: true },
  internal: { status: 500, logLevel: "error", expected: false },
};

export type AppErrorInit = {
  code: ErrorCode;
  /** A sentence for the person: what failed, in Consul's own words where Consul spoke. Never holds a secret. */
  userMessage: string;
  /** For the log only; defaults to userMessage. */
  message?: string;
  /** Whether the same call may succeed later without any change. */
  retryable?: boolean;
  /** For `rate_limited`: after so many seconds it may be tried again. */
  retryAfterS?: number;
  /** Which input field is wrong, for forms. */
  field?: string;
  cause?: unknown;
};

// Next bundles its own copy of this file, so `instanceof` would fail between the two copies. A registered
// symbol is the same in both.
const brand = Symbol.for("snapkeep.AppError");

/** A failure with a code, a sentence for the person and a cause for the log. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly userMessage: string;
  readonly retryable: boolean;
  readonly retryAfterS: number | undefined;
  readonly field: string | undefined;
  readonly [brand] = true;

  constructor(init: AppErrorInit) {
    super(init.message ?? init.userMessage, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = "AppError";
    this.code = init.code;
    this.userMessage = init.userMessage;
    this.retryable = init.retryable ?? false;
    this.retryAfterS = init.retryAfterS;
    this.field = init.field;
  }
}

/** Tells an AppError of any copy of this module from everything else that can be thrown. */
export function isAppError(error: unknown): error is AppError {
  return typeof error === "object" && error !== null && brand in error;
}

/**
 * An id that isn't there, or that the caller may not know of: the words are the same, so that nobody learns which.
 * @param kind "snapshot", "cluster", "restore" …
 */
export function noSuch(kind: string): AppError {
  const words =
    kind === "comparison" ? "This comparison is no longer kept. Compare again." : `There is no such ${kind}.`;
  return new AppError({ code: "not_found", userMessage: words });
}

/** What can't be done as things stand, in a sentence that says why. */
export function conflict(userMessage: string): AppError {
  return new AppError({ code: "conflict", userMessage });
}

/** Wraps whatever was thrown, so that the doors handle one shape. Unknown faults become `internal`. */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  return new AppError({
    code: "internal",
    userMessage: "Something went wrong inside Snapkeep. The log has the details under this request id.",
    message: error instanceof Error ? error.message : String(error),
    cause: error,
  });
}

/** What leaves the server for the browser or an API client. */
export type PublicError = {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  requestId: string;
  field?: string;
};

export function toPublicError(error: AppError, requestId: string): PublicError {
  const generic = "Something went wrong inside Snapkeep. The log has the details under this request id.";
  return {
    code: error.code,
    message: errorTable[error.code].expected ? error.userMessage : generic,
    retryable: error.retryable,
    requestId,
    ...(error.field === undefined ? {} : { field: error.field }),
  };
}
