"use client";

import { IconArrowForwardUp } from "@tabler/icons-react";
import { lazy } from "react";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { Note } from "#app/_ui/note.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { Recovery } from "#core/recoveries/contract.ts";
import { GuardedButton } from "../../../snapshots/_components/guarded-button.tsx";
import restores from "../../_components/restores.module.css";
import { countOf } from "../_lib/recovery-words.ts";

const UndoDialog = lazy(() => import("./undo-dialog.tsx").then((module) => ({ default: module.UndoDialog })));

/** The way back, in view for as long as there is one; where one could expect it, why there is none. */
export function UndoPanel({ row }: { row: Recovery }) {
  const dialog = useDialog<string>();
  if (!row.canUndo && row.withoutUndoText === null && dialog.shown === null) return null;
  return (
    <Panel aria-label="If something is wrong">
      <PanelHeader title="If something is wrong" />
      <div className={restores.confirm}>
        {row.canUndo ? (
          <>
            <p className="t2">
              {countOf(row, row.counts.applied)} can go back to what {row.datacenter} held before, until{" "}
              <Utc at={row.valuesKeptUntil} as="day" />. What somebody changed since is left alone.
            </p>
            <GuardedButton
              permission="restore.run"
              places={[row]}
              fullWidth
              variant="danger-outline"
              leftSection={<IconArrowForwardUp aria-hidden />}
              onClick={() => dialog.open(row.id)}
            >
              Undo…
            </GuardedButton>
          </>
        ) : (
          row.withoutUndoText !== null && (
            <Note tone="warn" title="There is no way back.">
              {row.withoutUndoText}
            </Note>
          )
        )}
      </div>
      <DialogSlot dialog={dialog}>{(common) => <UndoDialog row={row} {...common} />}</DialogSlot>
    </Panel>
  );
}
