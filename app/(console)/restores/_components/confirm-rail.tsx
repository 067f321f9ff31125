"use client";

import { Button, Checkbox } from "@mantine/core";
import { IconBan, IconFlask2, IconRestore, IconUsers } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { restoreKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatDuration } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { Preflight } from "#core/restore/contract.ts";
import {
  type ActDraft,
  blockedBy,
  missingInDraft,
  type Ticks,
  tickedOf,
  toggled,
  toStartInput,
  unticked,
} from "../_lib/confirm-draft.ts";
import { restoreSentence } from "../_lib/restore-words.ts";
import { requestRestore, startRestore } from "../actions.ts";
import { ActFields, SafetyField } from "./act-fields.tsx";
import classes from "./restores.module.css";
import type { ReviewState } from "./use-review.ts";

type Props = {
  review: ReviewState;
  facts: { id: string; takenAt: string };
  draft: ActDraft;
  onChange: (draft: ActDraft) => void;
};

/**
 * The last step. It is not a form on purpose: Enter must never start a restore, and the focus begins on the
 * way back.
 */
export function ConfirmRail({ review, facts, draft, onChange }: Props) {
  const [ticks, setTicks] = useState<Ticks>({ preflightId: "", names: [] });
  const { preflight } = review;
  const name = review.target?.datacenter ?? "";
  const asks = preflight?.target.needsApproval ?? false;
  const start = useStart(asks);
  const missing = useMissing(review, draft, ticks, name);
  const isBlocked = preflight?.lines.some((line) => line.result === "block") ?? false;
  return (
    <Panel aria-label="Confirm">
      <PanelHeader title="Confirm" />
      <div className={classes.confirm}>
        <SafetyField
          draft={draft}
          onChange={onChange}
          name={name === "" ? "the datacenter" : name}
          lastBytes={preflight?.target.lastSnapshotBytes ?? null}
          lastMs={preflight?.target.lastSnapshotMs ?? null}
          without={preflight?.target.withoutSafety}
        />
        <hr />
        {preflight !== undefined && <Warnings preflight={preflight} ticks={ticks} onTicks={setTicks} />}
        {asks && <SecondPerson />}
        <ActFields draft={draft} onChange={onChange} name={name} blocked={isBlocked} />
        {start.isError && (
          <ErrorNote title={asks ? "Nobody was asked." : "The restore did not start."} error={start.error} />
        )}
        <RestoreButtons
          facts={facts}
          name={name}
          asks={asks}
          isBlocked={isBlocked}
          missing={missing}
          pending={start.isPending}
          onRestore={() => preflight !== undefined && start.mutate(toStartInput(preflight, draft))}
        />
        <p className="fs12 t3">
          {isBlocked
            ? "A block cannot be overridden. Fix the cause, then run the checks again."
            : `${expected(preflight, draft.safety)}Reads may fail for some seconds while Consul applies it. It can be cancelled until the first byte is sent.`}
        </p>
      </div>
    </Panel>
  );
}

/** What the last restore of this datacenter tells about this one; nothing where there was none. */
function expected(preflight: Preflight | undefined, withSafety: boolean): string {
  const { expectedMs = null, lastSnapshotMs = null } = preflight?.target ?? {};
  if (expectedMs === null) return "";
  const ms = expectedMs + (withSafety ? (lastSnapshotMs ?? 0) : 0);
  return `Expected to take about ${formatDuration(Math.max(1_000, ms))}. `;
}

function useMissing(review: ReviewState, draft: ActDraft, ticks: Ticks, name: string): string | null {
  const now = useNow(10_000);
  const { can, preflight } = review;
  if (!can.allowed) return can.reason;
  if (review.target === null) return "Choose a target first";
  const blocked = blockedBy(preflight, now);
  if (blocked !== null || preflight === undefined) return blocked;
  return unticked(preflight, ticks) ?? missingInDraft(draft, name);
}

/** Where the policy asks for a second person it is a request, which starts with their yes. */
function useStart(asks: boolean) {
  const router = useRouter();
  const client = useQueryClient();
  return useMutation({
    // Its input holds the tokens; nothing of it stays in the cache.
    gcTime: 0,
    mutationFn: (input: ReturnType<typeof toStartInput>) =>
      unwrapped(asks ? requestRestore(input) : startRestore(input)),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: restoreKeys.all });
      router.push(`/restores/${id}`);
    },
  });
}

type WarningsProps = { preflight: Preflight; ticks: Ticks; onTicks: (ticks: Ticks) => void };

function Warnings({ preflight, ticks, onTicks }: WarningsProps) {
  const warnings = preflight.lines.filter((line) => line.result === "warning");
  const ticked = tickedOf(ticks, preflight.id);
  if (warnings.length === 0) return null;
  return (
    <fieldset className={classes.warnings}>
      <legend className="sr-only">Warnings to accept</legend>
      {warnings.map((line) => (
        <Checkbox
          key={line.name}
          label={line.accept === "" ? line.title : line.accept}
          checked={ticked.includes(line.name)}
          onChange={(event) => onTicks(toggled(ticks, preflight.id, line.name, event.currentTarget.checked))}
        />
      ))}
    </fieldset>
  );
}

function SecondPerson() {
  return (
    <div className="row" style={{ gap: 10, alignItems: "flex-start" }}>
      <IconUsers size={16} className="c-warn" aria-hidden style={{ flex: "none", marginTop: 2 }} />
      <div>
        Somebody else has to agree before anything is sent.
        <div className="fs12 t3">
          They agree to this snapshot, this target and this preflight, within one hour.
        </div>
      </div>
    </div>
  );
}

type ButtonsProps = {
  facts: { id: string; takenAt: string };
  name: string;
  asks: boolean;
  isBlocked: boolean;
  missing: string | null;
  pending: boolean;
  onRestore: () => void;
};

function RestoreButtons({ facts, name, asks, isBlocked, missing, pending, onRestore }: ButtonsProps) {
  const now = useNow(60_000);
  const router = useRouter();
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus({ preventScroll: true }), []);
  // A link that was sent to somebody has no page before it.
  const goBack = () => (window.history.length > 1 ? router.back() : router.push(`/snapshots/${facts.id}`));
  const Picture = isBlocked ? IconBan : asks ? IconUsers : IconRestore;
  const sentence = restoreSentence(name === "" ? "a datacenter" : name, facts.takenAt, now);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Button
        size="md"
        fullWidth
        variant="danger"
        leftSection={<Picture aria-hidden />}
        disabled={missing !== null}
        loading={pending}
        aria-describedby="restore-missing"
        onClick={onRestore}
      >
        {asks ? "Ask for approval" : sentence}
      </Button>
      <span id="restore-missing" className="fs12 t3" role="status">
        {missing ?? ""}
      </span>
      <div className="row">
        <Button ref={back} className="grow" onClick={goBack}>
          Back
        </Button>
        <Button
          className="grow"
          component={Link}
          href={`/snapshots/${facts.id}#drill`}
          leftSection={<IconFlask2 aria-hidden />}
        >
          Drill it first…
        </Button>
      </div>
    </div>
  );
}
