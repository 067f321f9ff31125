"use client";

import { Button, Textarea, TextInput } from "@mantine/core";
import { IconCheck, IconRestore } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { restoreKeys } from "#app/_client/keys.ts";
import { useCan } from "#app/_client/use-viewer.ts";
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
  const router = useRouter();
  const client = useQueryClient();
  const now = useNow(60_000);
  const can = useCan("restore.run");
  const back = useRef<HTMLButtonElement>(null);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [token, setToken] = useState("");
  useEffect(() => back.current?.focus({ preventScroll: true }), []);
  const name = target?.datacenter ?? "";
  const matches = name !== "" && typed.trim() === name;
  const start = useMutation({
    mutationFn: (to: DatacenterChoice) =>
      unwrapped(
        startRestore({
          snapshotId: snapshot.id,
          ...to,
          confirmDatacenter: typed.trim(),
          reason: reason.trim(),
          ...(token.trim() === "" ? {} : { token: token.trim() }),
        }),
      ),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: restoreKeys.all });
      router.push(`/restores/${id}`);
    },
  });
  const missing = can.allowed
    ? (blocked ??
      (reason.trim().length < reasonCharsMin
        ? "A reason is needed"
        : matches
          ? null
          : `Type ${name} to confirm`))
    : can.reason;
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
        <TextInput
          className={classes.typed}
          data-ok={matches || undefined}
          label={
            <>
              Type <span className="mono">{name === "" ? "the datacenter" : name}</span> to confirm
            </>
          }
          size="md"
          value={typed}
          disabled={target === null}
          autoComplete="off"
          spellCheck={false}
          rightSection={matches ? <IconCheck className="c-good" role="img" aria-label="Matches" /> : null}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {start.isError && <ErrorNote title="The restore did not start." error={start.error} />}
        <div className="stack" style={{ gap: 8 }}>
          <Button
            size="md"
            fullWidth
            variant="danger"
            leftSection={<IconRestore aria-hidden />}
            disabled={missing !== null}
            loading={start.isPending}
            aria-describedby="restore-missing"
            onClick={() => target !== null && start.mutate(target)}
          >
            {restoreSentence(name === "" ? "a datacenter" : name, snapshot.takenAt, now)}
          </Button>
          <span id="restore-missing" className="fs12 t3" role="status">
            {missing ?? ""}
          </span>
          <Button ref={back} fullWidth onClick={() => router.back()}>
            Back
          </Button>
        </div>
        <p className="fs12 t3">
          Reads may fail for some seconds while Consul applies it. It can be cancelled until the first byte is
          sent. ACL tokens made after the snapshot disappear, Snapkeep's own among them if it is one.
        </p>
      </div>
    </Panel>
  );
}
