"use client";

import { IconGitCompare } from "@tabler/icons-react";
import { lazy } from "react";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import classes from "./restores.module.css";

const CheckAgainDialog = lazy(() =>
  import("./check-again-dialog.tsx").then((module) => ({ default: module.CheckAgainDialog })),
);

/** An outcome that isn't known can become known: the datacenter only has to answer once. */
export function CheckAgain({ row }: { row: RestoreDetail }) {
  const dialog = useDialog<string>();
  if (!row.canCheckAgain) return null;
  return (
    <Panel>
      <PanelHeader title={`What ${row.datacenter} holds`} />
      <div className={classes.confirm}>
        <p className="t2">
          {row.checkedAt === null ? (
            "It was not compared yet."
          ) : (
            <>
              Compared at <Utc at={row.checkedAt} />.
            </>
          )}{" "}
          Comparing reads a fresh snapshot and changes nothing.
        </p>
        <GuardedButton
          permission="restore.run"
          places={[row]}
          fullWidth
          variant="primary"
          leftSection={<IconGitCompare aria-hidden />}
          onClick={() => dialog.open(row.id)}
        >
          Compare again…
        </GuardedButton>
      </div>
      <DialogSlot dialog={dialog}>{(common) => <CheckAgainDialog row={row} {...common} />}</DialogSlot>
    </Panel>
  );
}
