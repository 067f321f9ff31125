"use client";

import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { recoveryKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatCount } from "#app/_ui/format.ts";
import { keyWords } from "#app/_ui/key-name.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import type { PlanInput } from "#core/recoveries/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { planRecovery } from "../../../restores/parts/actions.ts";
import { type Chosen, clearChosen, unchoose } from "../../_lib/recover-store.ts";
import { isRestorable } from "../../_lib/row-facts.ts";
import { type DatacenterChoice, DatacenterSelect } from "../datacenter-select.tsx";
import { GuardedButton } from "../guarded-button.tsx";
import { OwnToken } from "../take/own-token.tsx";
import classes from "./recover.module.css";

type Props = { row: SnapshotDetail; chosen: readonly Chosen[] };

/** What shall come back, and where to. The plan that follows writes nothing. */
export function RecoverTray({ row, chosen }: Props) {
  const [target, setTarget] = useState(() => ownPlace(row));
  const [token, setToken] = useState("");
  const plan = usePlan(row.id);
  const reason = isRestorable(row) ? null : "Its hashes do not match";
  return (
    <Panel className={classes.tray} aria-label="Recover a part">
      <PanelHeader
        title="Recover a part"
        sub={<span role="status">{formatCount(chosen.length, "choice")}</span>}
        actions={
          <Button size="xs" variant="ghost" onClick={() => clearChosen(row.id)}>
            Clear
          </Button>
        }
      />
      <div className={classes.body}>
        <Chips id={row.id} chosen={chosen} />
        <DatacenterSelect label="Into" value={target} onChange={setTarget} />
        <GuardedButton
          permission="restore.run"
          places={target === null ? [row] : [row, target]}
          reason={reason ?? (target === null ? "Choose a datacenter" : null)}
          variant="primary"
          loading={plan.isPending}
          onClick={() => target !== null && plan.mutate(toPlanInput(row.id, target, chosen, token))}
        >
          Plan the recovery
        </GuardedButton>
        <div className={classes.wide}>
          <OwnToken value={token} onChange={setToken} purpose="this plan" />
          <p className="fs12 t3 from-768">
            The plan is compared with what is there now and shown first. Nothing is written.
          </p>
          {plan.isError && <ErrorNote title="It was not planned." error={plan.error} />}
        </div>
      </div>
    </Panel>
  );
}

function Chips({ id, chosen }: { id: string; chosen: readonly Chosen[] }) {
  return (
    <ul className={classes.chips} aria-label="What was chosen">
      {chosen.map((one) => {
        const words = keyWords(one.words, 60);
        return (
          <li key={one.id} className={classes.chip}>
            <bdi className="mono trunc">{words}</bdi>
            <button
              type="button"
              className={classes.remove}
              aria-label={`Remove ${words}`}
              onClick={() => unchoose(id, one.id)}
            >
              <IconX size={13} aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** The snapshot's own datacenter, unless nobody knows where it is from. */
function ownPlace({ clusterId, datacenter }: SnapshotDetail): DatacenterChoice | null {
  return clusterId === null || datacenter === null ? null : { clusterId, datacenter };
}

function toPlanInput(
  snapshotId: string,
  { clusterId, datacenter }: DatacenterChoice,
  chosen: readonly Chosen[],
  token: string,
): PlanInput {
  const selections = chosen.map(({ selection }) => selection);
  return { snapshotId, clusterId, datacenter, selections, ...(token === "" ? {} : { token }) };
}

function usePlan(snapshotId: string) {
  const router = useRouter();
  const client = useQueryClient();
  return useMutation({
    // Its input may hold a token; nothing of it stays in the cache.
    gcTime: 0,
    mutationFn: (input: PlanInput) => unwrapped(planRecovery(input)),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: recoveryKeys.all });
      clearChosen(snapshotId);
      router.push(`/restores/parts/${id}`);
    },
  });
}
