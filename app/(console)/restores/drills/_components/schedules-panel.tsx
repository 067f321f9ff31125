"use client";

import { Button } from "@mantine/core";
import { IconCalendarTime, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { lazy } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { ActionMenu } from "#app/_ui/action-menu.tsx";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Utc } from "#app/_ui/time.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { DrillSchedule } from "#core/drills/contract.ts";
import { GuardedButton } from "../../../snapshots/_components/guarded-button.tsx";
import { cronWords } from "../_lib/cron-words.ts";
import { drillState } from "../_lib/drill-words.ts";
import { drillSchedulesQuery } from "../queries.ts";
import classes from "./drills.module.css";

const ScheduleDialog = lazy(() =>
  import("./schedule-dialog.tsx").then((module) => ({ default: module.ScheduleDialog })),
);
const RemoveScheduleDialog = lazy(() =>
  import("./remove-schedule-dialog.tsx").then((module) => ({ default: module.RemoveScheduleDialog })),
);

type Asked = { act: "add" } | { act: "edit" | "remove"; schedule: DrillSchedule };

/** When the newest verified snapshot of a datacenter is drilled by itself. */
export function SchedulesPanel() {
  const query = useQuery(drillSchedulesQuery);
  const dialog = useDialog<Asked>();
  const schedules = query.data?.schedules ?? [];
  return (
    <Panel aria-label="Schedules" aria-busy={query.isPending}>
      <PanelHeader
        title="Schedules"
        sub="the newest verified snapshot of a datacenter, UTC"
        actions={
          <GuardedButton
            permission="drill.run"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => dialog.open({ act: "add" })}
          >
            Add schedule…
          </GuardedButton>
        }
      />
      {query.isPending && <SkeletonList rows={2} height={44} />}
      {query.data === undefined && query.isError && (
        <div className={classes.examples}>
          <ErrorNote title="The schedules could not be read." error={query.error}>
            <Button size="xs" onClick={() => void query.refetch()}>
              Try again
            </Button>
          </ErrorNote>
        </div>
      )}
      {query.data !== undefined && schedules.length === 0 && (
        <p className={`t3 ${classes.examples}`}>No drill happens by itself.</p>
      )}
      {schedules.length > 0 && (
        <ul aria-label="Schedules of drills">
          {schedules.map((schedule) => (
            <Schedule key={schedule.id} schedule={schedule} onAsk={(act) => dialog.open({ act, schedule })} />
          ))}
        </ul>
      )}
      <DialogSlot dialog={dialog}>{(common, asked) => <Asking asked={asked} {...common} />}</DialogSlot>
    </Panel>
  );
}

type AskingProps = { asked: Asked; opened: boolean; onClose: () => void };

function Asking({ asked, ...common }: AskingProps) {
  if (asked.act === "remove") {
    return <RemoveScheduleDialog schedule={asked.schedule} {...common} />;
  }
  const saved = asked.act === "edit" ? asked.schedule : null;
  return <ScheduleDialog saved={saved} {...common} />;
}

type ScheduleProps = { schedule: DrillSchedule; onAsk: (act: "edit" | "remove") => void };

function Schedule({ schedule, onAsk }: ScheduleProps) {
  const may = useCan("drill.run", schedule);
  const words = cronWords(schedule.cron);
  const disabledReason = may.allowed ? null : may.reason;
  return (
    <li className={classes.schedule}>
      <span className="row">
        <IconCalendarTime size={16} className="t3" aria-hidden style={{ flex: "none" }} />
        <span className="trunc">
          <b className="med">{schedule.datacenter}</b> <span className="t3">{schedule.clusterName}</span>
        </span>
      </span>
      <span>
        {words} <span className="mono t3 nowrap">{schedule.cron}</span>
      </span>
      <span className="tn">
        {schedule.nextAt === null ? (
          <span className="t3">off</span>
        ) : (
          <>
            <span className="t3">next </span>
            <Utc at={schedule.nextAt} as="day" /> <Utc at={schedule.nextAt} as="minute" />
          </>
        )}
      </span>
      <span>
        <LastResult schedule={schedule} />
      </span>
      <ActionMenu
        label={`Actions for the schedule of ${schedule.datacenter}`}
        actions={[
          { label: "Edit…", icon: IconPencil, disabledReason, onSelect: () => onAsk("edit") },
          {
            label: "Remove…",
            icon: IconTrash,
            danger: true,
            rule: true,
            disabledReason,
            onSelect: () => onAsk("remove"),
          },
        ]}
      />
    </li>
  );
}

function LastResult({ schedule: { lastDrill, lastSlotAt } }: { schedule: DrillSchedule }) {
  if (lastDrill !== null) {
    const shown = drillState(lastDrill.state);
    return (
      <Link
        href={`/restores/drills/${lastDrill.id}`}
        prefetch={false}
        aria-label={`Open the last drill, ${shown.word.toLowerCase()}`}
      >
        <StateText
          state={shown.name}
          word={shown.word}
          detail={<Utc at={lastDrill.startedAt} as="short" />}
        />
      </Link>
    );
  }
  if (lastSlotAt === null) return <span className="t3">never yet</span>;
  return <span className="t3">no verified snapshot at the last time</span>;
}
