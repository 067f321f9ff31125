"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { drillKeys } from "#app/_client/keys.ts";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import type { DrillSchedule } from "#core/drills/contract.ts";
import { removeDrillSchedule } from "../actions.ts";

type Props = { schedule: DrillSchedule; opened: boolean; onClose: () => void };

export function RemoveScheduleDialog({ schedule, opened, onClose }: Props) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => unwrapped(removeDrillSchedule({ id: schedule.id })),
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: drillKeys.schedules }),
  });
  const sentence = `Remove the schedule of ${schedule.datacenter}`;
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={sentence}
      confirmLabel={sentence}
      cancelLabel="Keep"
      onConfirm={() => remove.mutate()}
      pending={remove.isPending}
      error={remove.error}
      errorTitle="Not removed."
    >
      <p>Snapshots of {schedule.datacenter} are no longer drilled by themselves. The drills so far stay.</p>
    </ConfirmDialog>
  );
}
