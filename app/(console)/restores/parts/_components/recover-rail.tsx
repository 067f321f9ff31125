"use client";

import { Button, Textarea } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { recoveryKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import type { Recovery } from "#core/recoveries/contract.ts";
import { GuardedButton } from "../../../snapshots/_components/guarded-button.tsx";
import { OwnToken } from "../../../snapshots/_components/take/own-token.tsx";
import restores from "../../_components/restores.module.css";
import { reasonCharsMax, reasonCharsMin } from "../../_lib/restore-words.ts";
import { recoverSentence } from "../_lib/recovery-words.ts";
import { applyRecovery } from "../actions.ts";

/** The last step. Not a form on purpose: Enter never writes to a datacenter. */
export function RecoverRail({ row }: { row: Recovery }) {
  const [reason, setReason] = useState("");
  const [token, setToken] = useState("");
  const client = useQueryClient();
  const apply = useMutation({
    // Its input may hold a token; nothing of it stays in the cache.
    gcTime: 0,
    mutationFn: () =>
      unwrapped(applyRecovery({ id: row.id, reason: reason.trim(), ...(token === "" ? {} : { token }) })),
    onSettled: () => client.invalidateQueries({ queryKey: recoveryKeys.all }),
  });
  const missing = missingFor(row, reason);
  return (
    <Panel aria-label="Confirm">
      <PanelHeader title="Confirm" />
      <div className={restores.confirm}>
        <p className="t2">
          Written is only what still stands as in the plan. What somebody changes meanwhile is left alone and
          reported. It can be taken back afterwards.
        </p>
        <Textarea
          label="Reason"
          description="Goes into the audit log."
          rows={2}
          resize="vertical"
          maxLength={reasonCharsMax}
          disabled={!row.canApply}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <OwnToken value={token} onChange={setToken} purpose="this recovery" />
        {apply.isError && <ErrorNote title="Nothing was started." error={apply.error} />}
        <GuardedButton
          permission="restore.run"
          places={[row]}
          reason={missing}
          fullWidth
          variant="danger-outline"
          leftSection={<IconArrowBackUp aria-hidden />}
          loading={apply.isPending}
          onClick={() => apply.mutate()}
        >
          {recoverSentence(row)}
        </GuardedButton>
        {missing !== null && (
          <span className="fs12 t3" role="status">
            {missing}
          </span>
        )}
        <Button component={Link} href={`/snapshots/${row.snapshotId}`} fullWidth>
          Back to the snapshot
        </Button>
        <p className="fs12 t3">Not done: nothing is deleted, and neither locks nor sessions come back.</p>
      </div>
    </Panel>
  );
}

function missingFor(row: Recovery, reason: string): string | null {
  if (row.counts.create + row.counts.update === 0) return "There is nothing to write";
  if (!row.canApply) return "The values of this plan are no longer kept; plan it anew";
  return reason.trim().length < reasonCharsMin ? "A reason is needed" : null;
}
