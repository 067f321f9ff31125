"use client";

import { Button, Checkbox, Radio, Select, TextInput } from "@mantine/core";
import { IconCamera } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { snapshotKeys } from "#app/_client/keys.ts";
import { useCan, useCanIn } from "#app/_client/viewer.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import type { TakeInput } from "#core/snapshots/contract.ts";
import { datacentersQuery } from "../../../_shell/queries.ts";
import { closeTake, showTakeProgress, type TakeSeed } from "../../_lib/take-store.ts";
import { maxStaleMsDefault, noteCharsMax } from "../../_lib/vocabulary.ts";
import { takeSnapshot } from "../../actions.ts";
import { type DatacenterChoice, DatacenterSelect } from "../datacenter-select.tsx";
import { Optional } from "../optional.tsx";
import { LastOne } from "./last-one.tsx";
import { OwnToken } from "./own-token.tsx";
import classes from "./take.module.css";
import { TakeCommands } from "./take-commands.tsx";

type Mode = "consistent" | "stale";

type Options = { mode: Mode; maxStaleMs: number; note: string; pin: boolean };
const usual: Options = { mode: "consistent", maxStaleMs: maxStaleMsDefault, note: "", pin: false };

const staleOptions = [
  { value: "200", label: "200 ms" },
  { value: "1000", label: "1 s" },
  { value: "5000", label: "5 s" },
  { value: "30000", label: "30 s" },
  { value: "300000", label: "5 min" },
  { value: "3600000", label: "1 h" },
];

/** What to take and how. Everything that does not apply stays visible and says why. */
export function TakeForm({ seed }: { seed: TakeSeed }) {
  const [target, setTarget] = useTarget(seed);
  const [options, setOptions] = useState<Options>({ ...usual, mode: seed.mode ?? "consistent" });
  const [token, setToken] = useState("");
  const can = useCan("snapshot.take", target ?? undefined);
  const take = useTake();
  const change = (next: Partial<Options>) => setOptions({ ...options, ...next });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (target === null || !can.allowed || take.isPending) return;
    const own = token.trim();
    take.mutate({ ...target, ...options, ...(own === "" ? {} : { token: own }) });
  }

  return (
    <form onSubmit={submit}>
      <div className={`stack ${classes.content}`}>
        <DatacenterSelect label="Datacenter" value={target} onChange={setTarget} />
        <ModeCards mode={options.mode} onMode={(mode) => change({ mode })} />
        <OptionFields options={options} onChange={change} />
        <OwnToken value={token} onChange={setToken} purpose="this take" />
        {target !== null && <TakeCommands target={target} stale={options.mode === "stale"} />}
        {take.isError && <ErrorNote title="The take did not start." error={take.error} />}
      </div>
      <ModalFooter
        hint={can.allowed ? <LastOne target={target} /> : <span id="take-refused">{can.reason}</span>}
      >
        <Button onClick={closeTake}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          leftSection={<IconCamera aria-hidden />}
          disabled={target === null || !can.allowed}
          {...(can.allowed ? {} : { "aria-describedby": "take-refused" })}
          loading={take.isPending}
        >
          Take snapshot
        </Button>
      </ModalFooter>
    </form>
  );
}

function useTake() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: TakeInput) => unwrapped(takeSnapshot(input)),
    onSuccess: ({ id }) => {
      showTakeProgress(id);
      return client.invalidateQueries({ queryKey: snapshotKeys.all });
    },
  });
}

type FieldsProps = { options: Options; onChange: (next: Partial<Options>) => void };

function OptionFields({ options, onChange }: FieldsProps) {
  return (
    <>
      <Select
        label="Maximum staleness accepted"
        description={staleHint(options.mode)}
        classNames={{ root: classes.staleness, wrapper: classes.staleField }}
        data={staleOptions}
        value={String(options.maxStaleMs)}
        onChange={(value) => onChange({ maxStaleMs: Number(value ?? maxStaleMsDefault) })}
        disabled={options.mode === "consistent"}
      />
      <TextInput
        label={
          <>
            Note
            <Optional />
          </>
        }
        value={options.note}
        maxLength={noteCharsMax}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
        data-autofocus
      />
      <Checkbox
        checked={options.pin}
        onChange={(event) => onChange({ pin: event.currentTarget.checked })}
        label={
          <>
            <span className="med">Pin</span>{" "}
            <span className="t3">It cannot be deleted until it is unpinned.</span>
          </>
        }
      />
    </>
  );
}

function staleHint(mode: Mode): string {
  const what = "If the server last heard the leader longer ago, the snapshot is kept and flagged Stale.";
  return mode === "consistent" ? `Applies to stale mode only. ${what}` : what;
}

function ModeCards({ mode, onMode }: { mode: Mode; onMode: (mode: Mode) => void }) {
  return (
    <Radio.Group
      label="Mode"
      value={mode}
      onChange={(value) => onMode(value === "stale" ? "stale" : "consistent")}
      className={classes.modes}
    >
      <div className="stack" style={{ gap: 8 }}>
        <ModeCard value="consistent" title="Consistent">
          The leader confirms it still leads, then answers. Nothing committed is missing. Fails without a
          leader.
        </ModeCard>
        <ModeCard value="stale" title="Stale">
          Any server answers from its own copy. Works without a leader. Recent writes may be missing.
        </ModeCard>
      </div>
    </Radio.Group>
  );
}

function ModeCard({ value, title, children }: { value: Mode; title: string; children: string }) {
  return (
    <Radio.Card value={value} aria-label={title} aria-describedby={`mode-${value}`}>
      <Radio.Indicator />
      <div>
        <b className="med">{title}</b>
        <p id={`mode-${value}`}>{children}</p>
      </div>
    </Radio.Card>
  );
}

/**
 * What the opener asked for; else the first datacenter that leads and may be taken. It is settled once: a leader that goes away
 * while the form is open must not put another datacenter in its place.
 */
function useTarget(seed: TakeSeed): [DatacenterChoice | null, (next: DatacenterChoice | null) => void] {
  const { data } = useQuery(datacentersQuery);
  const canTake = useCanIn("snapshot.take");
  const [target, setTarget] = useState<DatacenterChoice | null>(null);
  if (target !== null || data === undefined) return [target, setTarget];
  const asked = data.datacenters.filter(
    (one) =>
      (seed.datacenter === undefined || one.datacenter === seed.datacenter) &&
      (seed.clusterId === undefined || one.clusterId === seed.clusterId),
  );
  const allowed = asked.filter(canTake);
  const first = allowed.find((one) => one.state === "ok") ?? allowed[0] ?? asked[0];
  if (first) setTarget({ clusterId: first.clusterId, datacenter: first.datacenter });
  return [target, setTarget];
}
