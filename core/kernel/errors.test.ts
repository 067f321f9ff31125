import { describe, expect, it } from "vitest";
import { AppError, type ErrorCode, errorTable, isAppError, toAppError, toPublicError } from "./errors.ts";

/** What every door answers. A new code, or another status, has to be entered here by hand. */
const statuses: Record<ErrorCode, number> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  cancelled: 499,
  ticket_invalid: 403,
  range_invalid: 416,
  archive_invalid: 422,
  storage_full: 507,
  storage_failed: 500,
  consul_unreachable: 502,
  consul_tls: 502,
  consul_no_leader: 503,
  consul_denied: 502,
  consul_unknown_datacenter: 502,
  consul_error: 502,
  consul_broken_stream: 502,
  outcome_unknown: 502,
  stopping: 503,
  internal: 500,
};
const codes = Object.keys(statuses) as ErrorCode[];

describe("the table of errors", () => {
  it("answers the pinned status for every code", () => {
    const actual = Object.fromEntries(Object.entries(errorTable).map(([code, row]) => [code, row.status]));
    expect(actual).toEqual(statuses);
  });

  it("logs what is our own fault as an error, and what a person did wrong below a warning", () => {
    for (const code of ["internal", "storage_full", "storage_failed", "outcome_unknown"] as const) {
      expect(errorTable[code].logLevel).toBe("error");
    }
    for (const code of codes.filter((one) => errorTable[one].status < 500)) {
      if (code !== "archive_invalid") expect(["debug", "info"]).toContain(errorTable[code].logLevel);
    }
  });

  it("keeps only what nobody expected generic in the browser", () => {
    expect(codes.filter((code) => !errorTable[code].expected)).toEqual(["internal"]);
  });
});

describe("an AppError", () => {
  it("goes out with its sentence, its field, whether to try again, and the request's id", () => {
    const error = new AppError({
      code: "conflict",
      userMessage: "There is already a cluster named a.",
      message: "unique constraint Cluster.name",
      field: "name",
      retryable: true,
      cause: new Error("driver"),
    });
    expect(toPublicError(error, "req-1")).toEqual({
      code: "conflict",
      message: "There is already a cluster named a.",
      retryable: true,
      requestId: "req-1",
      field: "name",
    });
    expect(error.message).toBe("unique constraint Cluster.name");
  });

  it("is known as one when it comes from another copy of the module", () => {
    const other = Object.assign(new Error("x"), { [Symbol.for("snapkeep.AppError")]: true });
    expect(isAppError(other)).toBe(true);
    expect(toAppError(other)).toBe(other);
  });

  it.each([new Error("SELECT secret"), "a text", null, undefined, { code: "conflict" }])(
    "is made of anything else without telling the browser what it said",
    (thrown) => {
      expect(isAppError(thrown)).toBe(false);
      const error = toAppError(thrown);
      expect(error.code).toBe("internal");
      expect(error.cause).toBe(thrown);
      expect(toPublicError(error, "req-1").message).toMatch(/^Something went wrong inside Snapkeep/);
    },
  );
});
