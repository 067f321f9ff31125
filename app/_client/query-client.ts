import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api.ts";

/** Old data stays on the screen while new data is fetched, and a refusal is never asked for twice. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || error.retryable),
        retryDelay: (attempt) => Math.min(1_000 * 2 ** attempt, 8_000),
      },
      // An act that failed is repeated by the person, never on its own.
      mutations: { retry: false },
    },
  });
}
