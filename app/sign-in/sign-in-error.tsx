import { ApiError } from "#app/_client/api.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";

export function SignInError({ error }: { error: unknown }) {
  return error === null ? null : <ErrorNote title={titleOf(error)} error={error} />;
}

function titleOf(error: unknown): string {
  if (!(error instanceof ApiError)) return "The sign-in did not reach Snapkeep.";
  if (error.code === "rate_limited") return "Too many attempts.";
  return "Not signed in.";
}
