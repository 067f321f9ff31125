"use client";

import { IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { drillKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Phases } from "#app/_ui/phases.tsx";
import { Ago } from "#app/_ui/time.tsx";
import type { DrillRow } from "#core/drills/contract.ts";
import { GuardedButton } from "../../../snapshots/_components/guarded-button.tsx";
import { drillPhases, drillPhaseWords } from "../_lib/drill-words.ts";
import { cancelDrill } from "../actions.ts";

/** A drill that runs, as everybody sees it who opens its page. */
export function DrillProgress({ row }: { row: DrillRow }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => unwrapped(cancelDrill({ id: row.id })),
    onSettled: () => client.invalidateQueries({ queryKey: drillKeys.all }),
  });
  return (
    <div className="stack" style={{ gap: 12 }}>
      <Phases phases={drillPhases(row.phase)} />
      <div className="row between">
        <span className="t3 fs12">
          by {row.byName}, started <Ago at={row.startedAt} suffix=" ago" />
        </span>
        {row.cancellable && (
          <GuardedButton
            permission="drill.run"
            places={[row]}
            size="xs"
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Cancel drill
          </GuardedButton>
        )}
      </div>
      {cancel.isError && <ErrorNote title="It was not cancelled." error={cancel.error} />}
      <p className="sr-only" role="status" aria-live="polite">
        {drillPhaseWords[row.phase]}
      </p>
    </div>
  );
}
