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
import type { RestoreDetail } from "#core/restore/contract.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { appliedAt } from "../_lib/step-phases.tsx";
import { verdictWords } from "../_lib/verdict-words.ts";
import { cancelRestore } from "../actions.ts";
import classes from "./restores.module.css";

/** The answer first: how it stands, and what that means for the data. */
export function VerdictPanel({ row }: { row: RestoreDetail }) {
  const now = useNow(60_000);
  const words = verdictWords(row, now);
  return (
    <Panel aria-label="Outcome">
      <div className={classes.verdict}>
        <Glyph tone={words.tone} icon={states[words.name].icon} size="lg" />
        <div className="grow">
          <h2>{words.title}</h2>
          <p>{words.meaning}</p>
        </div>
        <Side row={row} />
      </div>
      {row.outcomeText !== null && row.state !== "succeeded" && (
        <div className="row" style={{ padding: "0 20px 16px", alignItems: "flex-start" }}>
          <pre className={`${classes.raw} grow`}>{row.outcomeText}</pre>
          <CopyButton text={row.outcomeText} label="Copy what happened" />
        </div>
      )}
    </Panel>
  );
}

function Side({ row }: { row: RestoreDetail }) {
  if (row.state === "running" || row.state === "waiting") return <Cancel row={row} />;
  if (row.state === "interrupted") {
    return (
      <div className={classes.verdictSide}>
        started <Utc at={row.startedAt} /> UTC
      </div>
    );
  }
  const applied = row.state === "succeeded" ? appliedAt(row) : null;
  const tookMs = row.finishedAt === null ? null : Date.parse(row.finishedAt) - Date.parse(row.startedAt);
  return (
    <div className={classes.verdictSide}>
      {applied === null ? "Ended " : "Applied "}
      <Utc at={applied ?? row.finishedAt} /> UTC
      {tookMs !== null && (
        <>
          <br />
          took {formatDuration(tookMs)} in all
        </>
      )}
    </div>
  );
}

/** It is there until the first byte goes, and then it is gone: a button that can no longer help misleads. */
function Cancel({ row }: { row: RestoreDetail }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => unwrapped(cancelRestore({ id: row.id })),
    onSettled: () => client.invalidateQueries({ queryKey: restoreKeys.all }),
  });
  return (
    <div className={classes.verdictAct}>
      {row.cancellable && (
        <GuardedButton
          permission="restore.run"
          places={[row]}
          size="xs"
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          Cancel restore
        </GuardedButton>
      )}
      <span className="t3 fs12">
        {row.state === "waiting" ? "asked" : "started"} <Ago at={row.startedAt} suffix=" ago" />
      </span>
      {cancel.isError && <ErrorNote title="It was not cancelled." error={cancel.error} />}
    </div>
  );
}
