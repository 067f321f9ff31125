"use client";

import { Button } from "@mantine/core";
import { IconCamera, IconCheck, IconRestore } from "@tabler/icons-react";
import Link from "next/link";
import { CliStrip } from "#app/_ui/cli-strip.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { TakeHost } from "../../snapshots/_components/take/take-host.tsx";
import { openTake } from "../../snapshots/_lib/take-store.ts";
import { isWatched } from "../_lib/restore-words.ts";
import { useAct } from "../_lib/use-act.ts";
import { finishWatch } from "../actions.ts";
import classes from "./restores.module.css";

/** The next useful step, whichever way it ended. */
export function NextPanels({ row }: { row: RestoreDetail }) {
  return (
    <>
      <Ending row={row} />
      <NextSteps row={row} />
    </>
  );
}

function Ending({ row }: { row: RestoreDetail }) {
  switch (row.state) {
    case "waiting":
    case "running":
    case "interrupted":
      return null;
    case "succeeded":
      return isWatched(row) ? <Finish row={row} /> : <TakeAgain row={row} />;
    case "unknown":
      return (
        <Again row={row} words="The snapshot is untouched. Restoring it again replaces whatever is there." />
      );
    case "refused":
    case "failed":
    case "cancelled":
    case "declined":
    case "expired":
      return <Again row={row} words="The snapshot is untouched and can be restored again." />;
    default:
      return row.state satisfies never;
  }
}

function Finish({ row }: { row: RestoreDetail }) {
  const finish = useAct(finishWatch);
  return (
    <Panel>
      <PanelHeader title="If all is well" />
      <div className={classes.confirm}>
        <p className="t2">
          Ends the watch before its time. Returning to the safety snapshot stays possible as long as it is
          kept.
        </p>
        <GuardedButton
          permission="restore.run"
          places={[row]}
          fullWidth
          variant="primary"
          leftSection={<IconCheck aria-hidden />}
          loading={finish.isPending}
          onClick={() => finish.mutate({ id: row.id })}
        >
          Finish the watch
        </GuardedButton>
        {finish.isError && <ErrorNote title="The watch goes on." error={finish.error} />}
      </div>
    </Panel>
  );
}

function TakeAgain({ row }: { row: RestoreDetail }) {
  const seed = {
    datacenter: row.datacenter,
    ...(row.clusterId === null ? {} : { clusterId: row.clusterId }),
  };
  return (
    <Panel>
      <PanelHeader title="If all is well" />
      <div className={classes.confirm}>
        <p className="t2">Take a fresh snapshot, so that {row.datacenter} is inside its objective again.</p>
        <GuardedButton
          permission="snapshot.take"
          places={[row]}
          fullWidth
          variant="primary"
          leftSection={<IconCamera aria-hidden />}
          onClick={() => openTake(seed)}
        >
          Take snapshot…
        </GuardedButton>
        <TakeHost />
      </div>
    </Panel>
  );
}

function Again({ row, words }: { row: RestoreDetail; words: string }) {
  return (
    <Panel>
      <PanelHeader title="Next" />
      <div className={classes.confirm}>
        <p className="t2">{words}</p>
        <GuardedButton
          permission="restore.run"
          places={[row]}
          fullWidth
          leftSection={<IconRestore aria-hidden />}
          href={`/restores/new?snapshot=${row.snapshotId}`}
        >
          Restore again…
        </GuardedButton>
        <Button variant="ghost" fullWidth component={Link} href={`/snapshots/${row.snapshotId}`}>
          Open the snapshot
        </Button>
      </div>
    </Panel>
  );
}

/** What Consul does not do by itself after a restore. */
function NextSteps({ row }: { row: RestoreDetail }) {
  if (row.nextSteps.length === 0) return null;
  return (
    <Panel>
      <PanelHeader title="Next steps" />
      <ol className={classes.nextSteps}>
        {row.nextSteps.map((step) => (
          <li key={step.title}>
            <div className="med">{step.title}</div>
            <p className="t2">{step.text}</p>
            {step.command !== null && (
              <CliStrip command={step.command} label={`Copy command: ${step.title}`} />
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
