"use client";

import { IconArrowBackUp, IconShieldCheck } from "@tabler/icons-react";
import Link from "next/link";
import { lazy } from "react";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { formatBytes } from "#app/_ui/format.ts";
import { Note } from "#app/_ui/note.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { useNow } from "#app/_ui/time.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { pointInTime } from "../_lib/restore-words.ts";
import classes from "./restores.module.css";

const ReturnDialog = lazy(() =>
  import("./return-dialog.tsx").then((module) => ({ default: module.ReturnDialog })),
);

/** The way back, in view for as long as there is one. */
export function SafetyPanel({ row }: { row: RestoreDetail }) {
  const now = useNow(60_000);
  const dialog = useDialog<string>();
  const safety = row.safetySnapshot;
  if (safety === null) return <NoSafety row={row} />;
  const back = row.returnedBy.at(-1);
  return (
    <Panel>
      <PanelHeader title="If something is wrong" />
      <div className={classes.confirm}>
        <p className="t2">
          Return {row.datacenter} to {pointInTime(safety.takenAt, now)}, the moment before this restore.
          Everything written since then is lost.
        </p>
        <SafetyCard safety={safety} />
        {back !== undefined && (
          <Link className="link" href={`/restores/${back}`}>
            It was returned to by <span className="mono">{back}</span>
          </Link>
        )}
        <GuardedButton
          permission="restore.run"
          places={[row]}
          reason={row.canReturn ? null : (row.whyNoReturn ?? "There is nothing to return to")}
          fullWidth
          variant="danger-outline"
          leftSection={<IconArrowBackUp aria-hidden />}
          onClick={() => dialog.open(row.id)}
        >
          Return to the safety snapshot…
        </GuardedButton>
        {!row.canReturn && row.whyNoReturn !== null && <span className="fs12 t3">{row.whyNoReturn}</span>}
      </div>
      <DialogSlot dialog={dialog}>
        {(common) => <ReturnDialog row={row} takenAt={safety.takenAt} {...common} />}
      </DialogSlot>
    </Panel>
  );
}

function SafetyCard({ safety }: { safety: NonNullable<RestoreDetail["safetySnapshot"]> }) {
  const facts = [formatBytes(safety.archiveBytes), safety.state, safety.pinned ? "pinned" : "not pinned"];
  return (
    <div className={classes.card}>
      <IconShieldCheck
        size={16}
        className={safety.state === "verified" ? "c-good" : "c-warn"}
        aria-hidden
        style={{ flex: "none" }}
      />
      <div className="grow">
        <div className="med mono trunc">{safety.id}</div>
        <div className="fs12 t3">{facts.join(", ")}</div>
      </div>
      <Link className="link fs12" href={`/snapshots/${safety.id}`} aria-label="Open the safety snapshot">
        Open
      </Link>
    </div>
  );
}

/** Whoever went without one chose so; that there is no way back stays in view all the same. */
function NoSafety({ row }: { row: RestoreDetail }) {
  if (row.withoutSafetyReason === null) return null;
  return (
    <Panel>
      <PanelHeader title="If something is wrong" />
      <div className={classes.confirm}>
        <Note tone="warn" title="There is no safety snapshot.">
          What {row.datacenter} held before can't be brought back from here.
        </Note>
        <p className="t2">Why it went without: {row.withoutSafetyReason}</p>
      </div>
    </Panel>
  );
}
