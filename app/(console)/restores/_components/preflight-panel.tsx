"use client";

import { Button } from "@mantine/core";
import { IconFlask2, IconKey, IconRefresh } from "@tabler/icons-react";
import Link from "next/link";
import { lazy } from "react";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { Note } from "#app/_ui/note.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { ProgressBar } from "#app/_ui/phases.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Utc, useNow } from "#app/_ui/time.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { Preflight, PreflightLine } from "#core/restore/contract.ts";
import { isOutdated, lineAct, preflightDoing, preflightSummary } from "../_lib/preflight-words.ts";
import classes from "./restores.module.css";

const TokenDialog = lazy(() =>
  import("./token-dialog.tsx").then((module) => ({ default: module.TokenDialog })),
);

type Props = {
  preflight: Preflight | undefined;
  /** Runs it once more; null for whoever may only look. */
  again: (() => void) | null;
  starting?: boolean;
};

/** What stands in the way and what is lost. A pass is one line, a warning gets two. */
export function PreflightPanel({ preflight, again, starting = false }: Props) {
  const dialog = useDialog<string>();
  if (preflight === undefined) return <NotYet />;
  const running = preflight.state === "running";
  return (
    <Panel aria-busy={running}>
      <PanelHeader
        title="Preflight"
        sub={<span className="from-768">{running ? "running" : preflightSummary(preflight.lines)}</span>}
        actions={
          <>
            {preflight.finishedAt !== null && (
              <span className="t3 fs12">
                ran <Utc at={preflight.finishedAt} />
              </span>
            )}
            {again !== null && (
              <Button
                size="xs"
                variant="ghost"
                leftSection={<IconRefresh size={14} aria-hidden />}
                loading={starting}
                disabled={running}
                onClick={again}
              >
                Run again
              </Button>
            )}
          </>
        }
      />
      <Standing preflight={preflight} />
      <ul className={classes.checks} aria-label="Preflight lines">
        {preflight.lines.map((line) => (
          <Line
            key={line.name}
            line={line}
            snapshotId={preflight.snapshot.id}
            again={running ? null : again}
            onToken={again === null ? null : () => dialog.open(preflight.id)}
          />
        ))}
      </ul>
      <DialogSlot dialog={dialog}>
        {(common, what) => <TokenDialog preflightId={what} {...common} />}
      </DialogSlot>
    </Panel>
  );
}

function NotYet() {
  return (
    <Panel aria-busy="true">
      <PanelHeader title="Preflight" sub="starting" />
      <SkeletonList rows={5} />
    </Panel>
  );
}

/** How far it is, or why its lines don't count. The announcement is one sentence, not each step of the bar. */
function Standing({ preflight }: { preflight: Preflight }) {
  const now = useNow(10_000);
  const doing = preflightDoing(preflight);
  return (
    <>
      <p className="sr-only" role="status">
        {preflight.state === "running" ? doing : `Preflight: ${preflightSummary(preflight.lines)}`}
      </p>
      {preflight.state === "running" && (
        <div className={classes.standing}>
          <div className="row between fs12 t2">
            <span>{doing}</span>
            {preflight.progress !== null && (
              <span className="tn">{Math.floor(preflight.progress * 100)}%</span>
            )}
          </div>
          <ProgressBar
            percent={preflight.progress === null ? null : preflight.progress * 100}
            label="Preflight"
          />
        </div>
      )}
      {preflight.state === "failed" && (
        <div className={classes.standing}>
          <Note tone="bad" role="alert" title="The preflight did not come to its end.">
            {preflight.failureText ?? ""} Nothing in Consul was touched. Run it again.
          </Note>
        </div>
      )}
      {preflight.state === "ready" && isOutdated(preflight, now) && (
        <div className={classes.standing}>
          <Note tone="warn" role="status" title="This preflight is too old to restore by.">
            {preflight.target.datacenter} may have changed since. Run it again.
          </Note>
        </div>
      )}
    </>
  );
}

type LineProps = {
  line: PreflightLine;
  snapshotId: string;
  again: (() => void) | null;
  onToken: (() => void) | null;
};

function Line({ line, ...acts }: LineProps) {
  const why = [line.detail, line.todo].filter((part) => part !== "").join(" ");
  return (
    <li data-one={line.result === "pass" || undefined} data-block={line.result === "block" || undefined}>
      <StateText state={line.result} />
      <div data-words>
        <div className="med">{line.title}</div>
        {why !== "" && <div className={classes.why}>{why}</div>}
      </div>
      <Act line={line} {...acts} />
    </li>
  );
}

function Act({ line, snapshotId, again, onToken }: LineProps) {
  const act = lineAct(line);
  switch (act) {
    case null:
      return null;
    case "check-token":
      return onToken === null ? null : (
        <Button size="xs" leftSection={<IconKey size={14} aria-hidden />} onClick={onToken}>
          Check token…
        </Button>
      );
    case "run-again":
      return again === null ? null : (
        <Button size="xs" aria-label={`Run again: ${line.title}`} onClick={again}>
          Run again
        </Button>
      );
    case "drill":
      return (
        <Button
          size="xs"
          component={Link}
          href={`/snapshots/${snapshotId}#drill`}
          leftSection={<IconFlask2 size={14} aria-hidden />}
        >
          Drill…
        </Button>
      );
    default:
      return act satisfies never;
  }
}
