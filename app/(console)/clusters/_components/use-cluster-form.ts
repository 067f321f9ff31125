"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { ApiError } from "#app/_client/api.ts";
import { clusterKeys } from "#app/_client/keys.ts";
import type { ClusterView } from "#core/clusters/contract.ts";
import { createCluster, updateCluster } from "../actions.ts";
import { type ClusterDraft, draftOf, newDraft, toInput, toTestInput } from "./cluster-draft.ts";
import type { FieldErrors } from "./cluster-fields.tsx";
import { keyOfInput, useConnectionTest } from "./use-connection-test.ts";

/** The state of the form, its test and its save, for the dialog and for the first run. */
export function useClusterForm(saved: ClusterView | null, onSaved: () => void) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<ClusterDraft>(() => (saved === null ? newDraft() : draftOf(saved)));
  const testing = useConnectionTest();
  const save = useMutation({
    mutationFn: async () => {
      const input = toInput(draft);
      return saved === null
        ? void (await unwrapped(createCluster(input)))
        : void (await unwrapped(updateCluster({ ...input, id: saved.id })));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: clusterKeys.list });
      await queries.invalidateQueries({ queryKey: clusterKeys.datacenters });
      onSaved();
    },
  });
  const input = toTestInput(draft, saved?.id ?? null);
  const outdated = testing.testedKey !== undefined && testing.testedKey !== keyOfInput(input);
  const tested = testing.report !== undefined && !outdated;
  const test = () => testing.run(input).catch(() => null);
  /** Tests first when nothing was tested yet; what fails then can still be saved with a second press. */
  const submit = async () => {
    if (tested || (await test())?.ok === true) save.mutate();
  };
  return {
    draft,
    setDraft,
    testing,
    outdated,
    test,
    submit,
    saving: save.isPending,
    saveError: fieldOf(save.error) === null ? save.error : null,
    fieldErrors: fieldErrorsOf(save.error ?? testing.error),
    /** The connection was tried as it stands and did not pass. */
    failed: tested && testing.report?.ok === false,
  };
}

function fieldOf(error: unknown): string | null {
  // `addresses.0` is about the field `addresses`.
  return error instanceof ApiError && error.field !== undefined ? (error.field.split(".")[0] ?? null) : null;
}

function fieldErrorsOf(error: unknown): FieldErrors {
  const field = fieldOf(error);
  return field === null || !(error instanceof Error) ? {} : { [field]: error.message };
}
