"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ActionResult } from "#app/_client/action-result.ts";
import { unwrapped } from "#app/_client/action-result.ts";
import { restoreKeys } from "#app/_client/keys.ts";

/**
 * One act on a restore. What it changed is read anew either way, since a refusal often means that somebody else was
 * faster. Its input may hold a token, so nothing of it stays in the cache.
 */
export function useAct<Input, Output>(
  act: (input: Input) => Promise<ActionResult<Output>>,
  onDone: (output: Output) => void = () => undefined,
) {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (input: Input) => unwrapped(act(input)),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: restoreKeys.all }),
  });
}
