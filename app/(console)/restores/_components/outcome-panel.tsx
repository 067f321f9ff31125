"use client";

import { IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { restoreKeys } from "#app/_client/keys.ts";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatDuration } from "#app/_ui/format.ts";
import { Glyph } from "#app/_ui/glyph.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { states } from "#app/_ui/states.ts";
import { Ago, Utc, useNow } from "#app/_ui/time.tsx";
import type { RestoreRow } from "#core/restore/contract.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { outcomeMeaning, outcomeTitle, restoreState } from "../_lib/restore-words.ts";
import { cancelRestore } from "../actions.ts";
import classes from "./restores.module.css";

/** The answer first: how it stands, and what that means for the data. */
export function OutcomePanel({ row }: { row: RestoreRow }) {
  const now = useNow(60_000);
  const shown = restoreState(row.state);
  return (
    <Panel aria-label="Outcome">
      <div className={classes.verdict}>
        <Glyph tone={shown.tone} icon={states[shown.name].icon} size="lg" />
        <div className="grow">
          <h2>{outcomeTitle(row, now)}</h2>
          <p>{outcomeMeaning(row)}</p>
        </div>
        <Side row={row} />
      </div>
      {row.outcomeText !== null && row.state !== "succeeded" && (
        <div className="row" style={{ padding: "0 20px 16px", alignItems: "flex-start" }}>
          <pre className={`${classes.raw} grow`}>{row.outcomeText}</pre>
          <CopyButton text={row.outcomeText} label="Copy what Consul said" />
        </div>
      )}
    </Panel>
  );
}

function Side({ row }: { row: RestoreRow }) {
  if (row.state === "running") return <Cancel row={row} />;
  const tookMs = row.finishedAt === null ? null : Date.parse(row.finishedAt) - Date.parse(row.startedAt);
  return (
    <div className={classes.verdictSide}>
      ended <Utc at={row.finishedAt} /> UTC
      <br />
      {tookMs !== null && `took ${formatDuration(tookMs)} in all`}
    </div>
  );
}

function Cancel({ row }: { row: RestoreRow }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => unwrapped(cancelRestore({ id: row.id })),
    onSettled: () => client.invalidateQueries({ queryKey: restoreKeys.all }),
  });
  return (
    <div className="stack" style={{ gap: 6, alignItems: "flex-end" }}>
      <GuardedButton
        permission="restore.run"
        places={[row]}
        reason={row.cancellable ? null : "The first byte has gone to Consul"}
        size="xs"
        leftSection={<IconPlayerStop size={14} aria-hidden />}
        loading={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        Cancel restore
      </GuardedButton>
      <span className="t3 fs12">
        started <Ago at={row.startedAt} suffix=" ago" />
      </span>
      {cancel.isError && <ErrorNote title="It was not cancelled." error={cancel.error} />}
    </div>
  );
}
