/** Carries what a visitor threw past everything that takes errors for findings. */
export class VisitorError extends Error {
  override readonly name = "VisitorError";

  constructor(cause: unknown) {
    super("A visitor of records has thrown.", { cause });
  }
}

export function callVisitor<T>(visit: (record: T) => void, record: T): void {
  try {
    visit(record);
  } catch (error) {
    throw new VisitorError(error);
  }
}

/** What really went wrong: the visitor's own error, where it was one. */
export function unwrapVisitorError(error: unknown): unknown {
  return error instanceof VisitorError ? error.cause : error;
}
