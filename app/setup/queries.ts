import { queryOptions } from "@tanstack/react-query";
import { ApiError, getJson } from "#app/_client/api.ts";
import type { Viewer } from "#core/access/contract.ts";

/** Who is signed in; null for nobody, which is how the first run begins. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) =>
    getJson<Viewer>("/api/v1/session", { signal, signedOutIsFine: true }).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }),
  staleTime: Number.POSITIVE_INFINITY,
});
