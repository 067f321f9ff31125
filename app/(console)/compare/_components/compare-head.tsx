"use client";

import { IconDownload, IconRestore } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { ApiError } from "#app/_client/api.ts";
import { PageHead } from "#app/_ui/page-head.tsx";
import { toast } from "#app/_ui/toast.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { apartWords } from "../_lib/side-words.ts";
import { exportComparison } from "../actions.ts";
import type { ComparisonState } from "./use-comparison.ts";

export function CompareHead({ state }: { state: ComparisonState }) {
  const apart = apartWords(state.a.side, state.b.side);
  const both = state.a.side !== null && state.b.side !== null;
  return (
    <PageHead
      title="Compare"
      {...(apart === undefined ? {} : { sub: <span className="tn">{apart}</span> })}
      {...(both ? { actions: <Actions state={state} /> } : {})}
    />
  );
}

function Actions({ state }: { state: ComparisonState }) {
  const download = useExport();
  const { comparison, a } = state;
  const ready = comparison?.state === "ready";
  const restorable = a.side?.state === "verified" || a.side?.state === "stale";
  return (
    <>
      <GuardedButton
        permission="snapshot.read"
        reason={ready ? null : "There is nothing to export yet"}
        leftSection={<IconDownload aria-hidden />}
        loading={download.isPending}
        onClick={() => ready && download.mutate(comparison.id)}
      >
        Export diff
      </GuardedButton>
      <GuardedButton
        permission="restore.run"
        {...(a.side === null ? {} : { places: [a.side] })}
        reason={restorable ? null : "The archive of A can't be restored"}
        leftSection={<IconRestore aria-hidden />}
        href={`/restores/new?snapshot=${encodeURIComponent(a.side?.snapshotId ?? "")}`}
      >
        Restore A…
      </GuardedButton>
    </>
  );
}

/** Fetches a ticket, then lets the browser download by itself. */
function useExport() {
  return useMutation({
    mutationFn: (id: string) => unwrapped(exportComparison({ id })),
    onSuccess: (ticket) => {
      const anchor = document.createElement("a");
      anchor.href = ticket.url;
      anchor.download = "";
      anchor.click();
    },
    onError: (error) => {
      const id = error instanceof ApiError && error.requestId !== "" ? ` (${error.requestId})` : "";
      void toast({ tone: "bad", title: "The export did not start", message: `${error.message}${id}` });
    },
  });
}
