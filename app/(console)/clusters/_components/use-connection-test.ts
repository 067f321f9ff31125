"use client";
import { useMutation } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import type { ConnectionReport, TestConnectionInput } from "#core/clusters/contract.ts";
import { testConnection } from "../actions.ts";

export type ConnectionTesting = {
  report: ConnectionReport | undefined;
  /** What the report is about; compare it with the form as it stands. */
  testedKey: string | undefined;
  pending: boolean;
  error: unknown;
  run: (input: TestConnectionInput) => Promise<ConnectionReport>;
};

export function keyOfInput(input: TestConnectionInput): string {
  return JSON.stringify(input);
}

export function useConnectionTest(): ConnectionTesting {
  const test = useMutation({
    mutationFn: (input: TestConnectionInput) => unwrapped(testConnection(input)),
  });
  return {
    report: test.data,
    testedKey: test.variables === undefined ? undefined : keyOfInput(test.variables),
    pending: test.isPending,
    error: test.error,
    run: test.mutateAsync,
  };
}
