"use client";

import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import Link from "next/link";
import { lazy } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Facts } from "#app/_ui/facts.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { Utc, useNow } from "#app/_ui/time.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { pointInTime, timeLeft } from "../_lib/restore-words.ts";
import { useAct } from "../_lib/use-act.ts";
import { approveRestore } from "../actions.ts";
import classes from "./restores.module.css";

const DeclineDialog = lazy(() =>
  import("./decline-dialog.tsx").then((module) => ({ default: module.DeclineDialog })),
);

type Approval = NonNullable<RestoreDetail["approval"]>;
const badges = {
  waiting: { state: "waiting", word: "Waiting" },
  approved: { state: "ok", word: "Approved" },
  declined: { state: "declined", word: "Declined" },
  expired: { state: "expired", word: "Expired" },
} as const;

/** The second person's yes or no, with what it is about. */
export function ApprovalPanel({ row }: { row: RestoreDetail }) {
  const { approval } = row;
  if (approval === null) return null;
  return (
    <Panel aria-label="Second person">
      <PanelHeader title="Second person" actions={<StateBadge {...badges[approval.state]} />} />
      {approval.state === "waiting" ? (
        <Waiting row={row} approval={approval} />
      ) : (
        <Facts
          className={classes.facts}
          facts={[
            { label: approval.state === "approved" ? "Agreed" : "By", value: approval.byName ?? "Nobody" },
            { label: "At", value: <Utc at={approval.at ?? approval.expiresAt} as="title" /> },
          ]}
        />
      )}
    </Panel>
  );
}

function Waiting({ row, approval }: { row: RestoreDetail; approval: Approval }) {
  const now = useNow(10_000);
  const dialog = useDialog<string>();
  const approve = useAct(approveRestore);
  const may = useCan("restore.approve", row);
  const whyNot = approval.mayApprove ? null : (approval.whyNot ?? "Only somebody else can agree");
  const left = timeLeft(approval.expiresAt, now);
  return (
    <div className={classes.confirm}>
      <p className="t2">
        {row.byName} asks to restore {row.datacenter} to {pointInTime(row.snapshotTakenAt, now)}. It starts as
        soon as somebody else agrees{left === "" ? "" : `; ${left}`}.
      </p>
      {row.preflightId !== null && (
        <Link className="link fs12" href={preflightHref(row.snapshotId, row.preflightId)}>
          Open the preflight and its impact
        </Link>
      )}
      <GuardedButton
        permission="restore.approve"
        places={[row]}
        reason={whyNot}
        fullWidth
        variant="danger"
        leftSection={<IconCheck aria-hidden />}
        loading={approve.isPending}
        onClick={() => approve.mutate({ id: row.id })}
      >
        Approve: restore {row.datacenter} to {pointInTime(row.snapshotTakenAt, now)}
      </GuardedButton>
      {may.allowed && whyNot === null ? (
        <Button fullWidth onClick={() => dialog.open(row.id)}>
          Decline…
        </Button>
      ) : (
        <span className="fs12 t3">{may.allowed ? whyNot : may.reason}</span>
      )}
      {approve.isError && <ErrorNote title="It was not approved." error={approve.error} />}
      <DialogSlot dialog={dialog}>{(common) => <DeclineDialog row={row} {...common} />}</DialogSlot>
    </div>
  );
}

export function preflightHref(snapshotId: string, preflightId: string): string {
  return `/restores/new?snapshot=${encodeURIComponent(snapshotId)}&preflight=${encodeURIComponent(preflightId)}`;
}
