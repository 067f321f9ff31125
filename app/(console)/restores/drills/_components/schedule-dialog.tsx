"use client";

import { Button, Modal, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { ApiError } from "#app/_client/api.ts";
import { drillKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import type { DrillSchedule } from "#core/drills/contract.ts";
import {
  type DatacenterChoice,
  DatacenterSelect,
} from "../../../snapshots/_components/datacenter-select.tsx";
import { GuardedButton } from "../../../snapshots/_components/guarded-button.tsx";
import { type CronPreset, cronPresets, cronWords, presetOf } from "../_lib/cron-words.ts";
import { saveDrillSchedule } from "../actions.ts";

type Props = { saved: DrillSchedule | null; opened: boolean; onClose: () => void };

/** One schedule per datacenter: choosing one that has its own changes that. */
export function ScheduleDialog({ saved, opened, onClose }: Props) {
  const [place, setPlace] = useState<DatacenterChoice | null>(saved);
  const [cron, setCron] = useState<string>(saved?.cron ?? cronPresets.weekly.cron);
  const [enabled, setEnabled] = useState(saved?.enabled ?? true);
  const save = useSave(onClose);
  const cronError = save.error instanceof ApiError && save.error.field === "cron" ? save.error.message : null;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={saved === null ? "Add a schedule of drills" : `Drills of ${saved.datacenter}`}
      size={520}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className="stack" style={{ gap: 16 }}>
        <DatacenterSelect
          label="Datacenter"
          value={place}
          onChange={setPlace}
          disabled={saved !== null}
          description="Its newest verified snapshot is drilled."
        />
        <When cron={cron} onChange={setCron} error={cronError} />
        <Switch
          label={<b className="med">On</b>}
          description="Off keeps the schedule and drills nothing."
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        {save.isError && cronError === null && <ErrorNote title="Not saved." error={save.error} />}
      </div>
      <ModalFooter hint="One drill runs at a time.">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <GuardedButton
          permission="drill.run"
          {...(place === null ? {} : { places: [place] })}
          reason={place === null ? "Choose a datacenter" : null}
          variant="primary"
          loading={save.isPending}
          onClick={() => place !== null && save.mutate({ ...place, cron: cron.trim(), enabled })}
        >
          Save
        </GuardedButton>
      </ModalFooter>
    </Modal>
  );
}

function useSave(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      clusterId,
      datacenter,
      cron,
      enabled,
    }: DatacenterChoice & { cron: string; enabled: boolean }) =>
      unwrapped(saveDrillSchedule({ clusterId, datacenter, cron, enabled })),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: drillKeys.schedules }),
  });
}

type WhenProps = { cron: string; onChange: (cron: string) => void; error: string | null };

function When({ cron, onChange, error }: WhenProps) {
  const [preset, setPreset] = useState<CronPreset>(() => presetOf(cron));
  const choose = (chosen: CronPreset) => {
    setPreset(chosen);
    if (chosen !== "own") onChange(cronPresets[chosen].cron);
  };
  return (
    <div className="stack" style={{ gap: 12 }}>
      <SegmentedControl
        aria-label="When"
        value={preset}
        onChange={choose}
        data={[
          { value: "daily", label: cronPresets.daily.label },
          { value: "weekly", label: cronPresets.weekly.label },
          { value: "own", label: "Own" },
        ]}
      />
      <TextInput
        label="Cron, UTC"
        description={
          cronWords(cron) === ""
            ? "Minute, hour, day of the month, month, day of the week."
            : `Drills ${cronWords(cron)}.`
        }
        value={cron}
        error={error}
        disabled={preset !== "own"}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        styles={{ input: { fontFamily: "var(--font-mono)" } }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
