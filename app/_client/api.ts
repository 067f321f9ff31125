import type { PublicError } from "#core/kernel/errors.ts";

/** A refused or failed call, in the words the server chose for people, with the id its log knows it by. */
export class ApiError extends Error {
  readonly code: PublicError["code"];
  readonly requestId: string;
  readonly retryable: boolean;
  /** The HTTP status; 0 when no answer came at all, or when the failure came through a server action. */
  readonly status: number;
  readonly field: string | undefined;

  constructor(error: PublicError, status = 0) {
    super(error.message);
    this.name = "ApiError";
    this.code = error.code;
    this.requestId = error.requestId;
    this.retryable = error.retryable;
    this.status = status;
    this.field = error.field;
  }
}

type Problem = Partial<{
  code: PublicError["code"];
  detail: string;
  title: string;
  requestId: string;
  retryable: boolean;
  field: string;
}>;

type GetInit = {
  signal?: AbortSignal;
  /** For the pages that a signed-out person may see: a 401 is thrown like any other refusal. */
  signedOutIsFine?: boolean;
};

/** Reads `path` as JSON. Throws ApiError; a lost session leads to the sign-in page and back again. */
export async function getJson<T>(path: string, init: GetInit = {}): Promise<T> {
  const response = await fetch(path, {
    headers: { accept: "application/json" },
    credentials: "same-origin",
    cache: "no-store",
    ...(init.signal === undefined ? {} : { signal: init.signal }),
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw unreachable();
  });
  if (response.ok) return (await response.json()) as T;
  if (response.status === 401 && init.signedOutIsFine !== true) toSignIn();
  throw await toApiError(response);
}

/** A path with those parameters that have a value. */
export function withQuery(path: string, params: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

function toSignIn(): void {
  if (window.location.pathname === "/sign-in") return;
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

function unreachable(): ApiError {
  return new ApiError({
    code: "internal",
    message: "Snapkeep does not answer. The page shows what it last knew.",
    retryable: true,
    requestId: "",
  });
}

async function toApiError(response: Response): Promise<ApiError> {
  // A proxy in between may answer with a page of HTML; then the status line is all there is to say.
  const body = (await response.json().catch(() => ({}))) as Problem;
  return new ApiError(
    {
      code: body.code ?? "internal",
      message:
        body.detail ?? body.title ?? `Snapkeep answered ${response.status} ${response.statusText}`.trim(),
      retryable: body.retryable ?? response.status >= 500,
      requestId: body.requestId ?? response.headers.get("x-request-id") ?? "",
      ...(body.field === undefined ? {} : { field: body.field }),
    },
    response.status,
  );
}
