"use client";

import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { drillKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { Note } from "#app/_ui/note.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { DrillAbility } from "#core/drills/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { startDrill } from "../../../restores/drills/actions.ts";
import { drillAbilityQuery } from "../../../restores/drills/queries.ts";
import { exactName } from "../../_lib/snapshot-words.ts";

type Props = { row: SnapshotDetail; opened: boolean; onClose: () => void };

/** What a drill does, and whether it can be done here. One click starts it: no cluster is touched. */
export function DrillDialog({ row, opened, onClose }: Props) {
  const now = useNow(60_000);
  const client = useQueryClient();
  const ability = useQuery(drillAbilityQuery);
  const start = useMutation({
    mutationFn: () => unwrapped(startDrill({ snapshotId: row.id })),
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: drillKeys.all }),
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Drill ${exactName(row, now)}`}
      size={480}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className="stack" style={{ gap: 12 }}>
        <p>
          Snapkeep starts a Consul of its own on this machine, restores the archive into it, compares every
          record, reads a sample of values back, and throws it away. No cluster is touched.
        </p>
        {ability.data === undefined && !ability.isError && (
          <StateText state="running" word="Looking for Consul" />
        )}
        {ability.isError && <ErrorNote title="It is not known whether it can run." error={ability.error} />}
        {ability.data !== undefined && <Ability ability={ability.data} row={row} />}
        {start.isError && <ErrorNote title="The drill did not start." error={start.error} />}
      </div>
      <ModalFooter hint="It goes on when this page is closed.">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button
          variant="primary"
          disabled={ability.data?.able !== true}
          loading={start.isPending}
          onClick={() => start.mutate()}
        >
          Drill it
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function Ability({ ability, row }: { ability: DrillAbility; row: SnapshotDetail }) {
  if (!ability.able) {
    return (
      <Note tone="warn" title="No drill can run here.">
        {ability.problem}
      </Note>
    );
  }
  const other = row.consulVersion !== null && row.consulVersion !== ability.consulVersion;
  return (
    <>
      <StateText state="pass" word={`Consul ${ability.consulVersion ?? ""} was found`} />
      {other && (
        <Note tone="warn" title={`The snapshot was taken by Consul ${row.consulVersion}.`}>
          The drill proves that Consul {ability.consulVersion} can restore it.
        </Note>
      )}
    </>
  );
}
