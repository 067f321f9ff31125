"use client";

import { Button, Textarea, TextInput } from "@mantine/core";
import { IconCheck, IconRestore } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { restoreKeys } from "#app/_client/keys.ts";
import { useCanAll } from "#app/_client/use-can-all.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import type { DatacenterChoice } from "../../snapshots/_components/datacenter-select.tsx";
import { OwnToken } from "../../snapshots/_components/take/own-token.tsx";
import { reasonCharsMax, restoreSentence } from "../_lib/restore-words.ts";
import { startRestore } from "../actions.ts";
import classes from "./restores.module.css";

type Props = {
  snapshot: SnapshotDetail;
  target: DatacenterChoice | null;
  /** Why it can't be started, whatever is typed here. */
  blocked: string | null;
};

const reasonCharsMin = 3;

/**
 * The last step. It is not a form on purpose: Enter must never start a restore, and the focus begins on the
 * way back.
 */
export function ConfirmRail({ snapshot, target, blocked }: Props) {
  const now = useNow(60_000);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [token, setToken] = useState("");
  const name = target?.datacenter ?? "";
  const matches = name !== "" && typed.trim() === name;
  const start = useStart(snapshot.id, { reason, typed, token });
  // Both sides: putting one datacenter's secrets into another takes a role in each.
  const can = useCanAll("restore.run", target === null ? [snapshot] : [snapshot, target]);
  const missing = can.allowed ? missingWords(blocked, reason, name, matches) : can.reason;
  return (
    <Panel aria-label="Confirm">
      <PanelHeader title="Confirm" />
      <div className={classes.confirm}>
        <Textarea
          label="Reason"
          description="Goes into the audit log."
          rows={2}
          resize="vertical"
          maxLength={reasonCharsMax}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <OwnToken value={token} onChange={setToken} purpose="this restore" />
        <TypedName name={name} value={typed} matches={matches} onChange={setTyped} />
        {start.isError && <ErrorNote title="The restore did not start." error={start.error} />}
        <RestoreButtons
          words={restoreSentence(name === "" ? "a datacenter" : name, snapshot.takenAt, now)}
          missing={missing}
          pending={start.isPending}
          onRestore={() => target !== null && start.mutate(target)}
        />
        <p className="fs12 t3">
          Reads may fail for some seconds while Consul applies it. It can be cancelled until the first byte is
          sent. ACL tokens made after the snapshot disappear, Snapkeep's own among them if it is one.
        </p>
      </div>
    </Panel>
  );
}

function useStart(snapshotId: string, typed: { reason: string; typed: string; token: string }) {
  const router = useRouter();
  const client = useQueryClient();
  const token = typed.token.trim();
  return useMutation({
    mutationFn: (to: DatacenterChoice) =>
      unwrapped(
        startRestore({
          snapshotId,
          ...to,
          confirmDatacenter: typed.typed.trim(),
          reason: typed.reason.trim(),
          ...(token === "" ? {} : { token }),
        }),
      ),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: restoreKeys.all });
      router.push(`/restores/${id}`);
    },
  });
}

/** The first thing that still keeps the red button off; null when nothing does. */
function missingWords(blocked: string | null, reason: string, name: string, matches: boolean): string | null {
  if (blocked !== null) return blocked;
  if (reason.trim().length < reasonCharsMin) return "A reason is needed";
  return matches ? null : `Type ${name} to confirm`;
}

type TypedProps = { name: string; value: string; matches: boolean; onChange: (value: string) => void };

function TypedName({ name, value, matches, onChange }: TypedProps) {
  return (
    <TextInput
      className={classes.typed}
      data-ok={matches || undefined}
      label={
        <>
          Type <span className="mono">{name === "" ? "the datacenter" : name}</span> to confirm
        </>
      }
      size="md"
      value={value}
      disabled={name === ""}
      autoComplete="off"
      spellCheck={false}
      rightSection={matches ? <IconCheck className="c-good" role="img" aria-label="Matches" /> : null}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

type ButtonsProps = { words: string; missing: string | null; pending: boolean; onRestore: () => void };

function RestoreButtons({ words, missing, pending, onRestore }: ButtonsProps) {
  const router = useRouter();
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus({ preventScroll: true }), []);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Button
        size="md"
        fullWidth
        variant="danger"
        leftSection={<IconRestore aria-hidden />}
        disabled={missing !== null}
        loading={pending}
        aria-describedby="restore-missing"
        onClick={onRestore}
      >
        {words}
      </Button>
      <span id="restore-missing" className="fs12 t3" role="status">
        {missing ?? ""}
      </span>
      <Button ref={back} fullWidth onClick={() => router.back()}>
        Back
      </Button>
    </div>
  );
}
