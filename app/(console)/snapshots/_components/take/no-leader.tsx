"use client";

import { Button, Modal } from "@mantine/core";
import { IconCamera, IconCircleX, IconHourglassLow, IconRefresh } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { getJson } from "#app/_client/api.ts";
import { clusterKeys, snapshotKeys } from "#app/_client/keys.ts";
import { useCan } from "#app/_client/use-viewer.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatDuration, formatNumber } from "#app/_ui/format.ts";
import { utcTime } from "#app/_ui/format-time.ts";
import { Glyph } from "#app/_ui/glyph.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { Note } from "#app/_ui/note.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { ServerAnswer, ServerAnswers } from "#core/clusters/contract.ts";
import type { SnapshotDetail, SnapshotRow } from "#core/snapshots/contract.ts";
import { summaryQuery } from "../../../_shell/queries.ts";
import { closeTake, showTakeProgress } from "../../_lib/take-store.ts";
import { takeSnapshot } from "../../actions.ts";
import { FailureLines } from "../failure-lines.tsx";
import { ServersTable } from "./servers-table.tsx";
import classes from "./take.module.css";

type Mode = "consistent" | "stale";

const serversQuery = (clusterId: string, datacenter: string) =>
  queryOptions({
    queryKey: clusterKeys.servers(clusterId, datacenter),
    queryFn: ({ signal }) =>
      getJson<ServerAnswers>(
        `/api/v1/clusters/${encodeURIComponent(clusterId)}/datacenters/${encodeURIComponent(datacenter)}/servers`,
        { signal },
      ),
    // Each answer costs a question to every server, and a dead one takes its time to say nothing.
    staleTime: 10_000,
  });

/** No leader, no consistent snapshot. What still answers is shown at once, with the snapshot it would give. */
export function NoLeader({ row }: { row: SnapshotDetail }) {
  const clusterId = row.clusterId ?? "";
  const datacenter = row.datacenter ?? "";
  const servers = useQuery({ ...serversQuery(clusterId, datacenter), enabled: clusterId !== "" });
  const [picked, setPicked] = useState<string | null>(null);
  const lastGood = useLastGood(clusterId, datacenter);
  const server = useful(servers.data, picked);
  const take = useTakeAgain(row, server?.httpAddress ?? null);
  return (
    <>
      <Head datacenter={datacenter} />
      <Modal.Body>
        <div className={`stack ${classes.content}`}>
          <FailureLines row={row} />
          <section aria-labelledby="still-save">
            <h3 id="still-save" className={classes.sectionLabel}>
              What you can still save
            </h3>
            {servers.isPending && <SkeletonList rows={3} height={28} />}
            {servers.isError && <ErrorNote title="The servers could not be asked." error={servers.error} />}
            {servers.data && (
              <ServersTable
                servers={servers.data.servers}
                picked={server ?? null}
                onPick={(one) => setPicked(one.httpAddress)}
              />
            )}
          </section>
          {server && <Worth server={server} lastGood={lastGood} />}
          {servers.data && !server && (
            <Note tone="bad" title="No server answers.">
              Nothing can be saved from here until one of them is back. Stored archives are not affected.
            </Note>
          )}
          {take.isError && <ErrorNote title="The take did not start." error={take.error} />}
        </div>
        <Footer
          row={row}
          server={server}
          pending={take.isPending ? take.variables : null}
          onTake={take.mutate}
        />
      </Modal.Body>
    </>
  );
}

function Head({ datacenter }: { datacenter: string }) {
  return (
    <Modal.Header role="presentation">
      <div className={classes.alertHead}>
        <Glyph tone="bad" icon={IconCircleX} />
        <div className="grow">
          <Modal.Title component="h2">No cluster leader in {datacenter}</Modal.Title>
          <div className="t2 fs12">Consul could not take a consistent snapshot. Nothing was stored.</div>
        </div>
      </div>
      <Modal.CloseButton aria-label="Close" />
    </Modal.Header>
  );
}

type FooterProps = {
  row: SnapshotDetail;
  server: ServerAnswer | undefined;
  pending: Mode | null;
  onTake: (mode: Mode) => void;
};

function Footer({ row, server, pending, onTake }: FooterProps) {
  const can = useCan("snapshot.take", row);
  return (
    <ModalFooter
      hint={
        <Button
          leftSection={<IconRefresh aria-hidden />}
          loading={pending === "consistent"}
          disabled={!can.allowed}
          title={can.allowed ? undefined : can.reason}
          onClick={() => onTake("consistent")}
        >
          Try consistent again
        </Button>
      }
    >
      <Button variant="ghost" onClick={closeTake} data-autofocus>
        Close
      </Button>
      <Button
        variant="primary"
        leftSection={<IconCamera aria-hidden />}
        disabled={!server || !can.allowed}
        title={can.allowed ? undefined : can.reason}
        loading={pending === "stale"}
        onClick={() => onTake("stale")}
      >
        {server ? `Take stale snapshot from ${hostOf(server)}` : "Take stale snapshot"}
      </Button>
    </ModalFooter>
  );
}

/** The same take again, with its note and pin; a stale one asks exactly the server that was picked. */
function useTakeAgain(row: SnapshotDetail, address: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (mode: Mode) =>
      unwrapped(
        takeSnapshot({
          clusterId: row.clusterId ?? "",
          datacenter: row.datacenter ?? "",
          mode,
          note: row.note,
          pin: row.pinned,
          ...(mode === "stale" && address !== null ? { address } : {}),
        }),
      ),
    onSuccess: ({ id }) => {
      showTakeProgress(id);
      return client.invalidateQueries({ queryKey: snapshotKeys.all });
    },
  });
}

/** The server that was picked, else the one that is furthest along. */
function useful(answers: ServerAnswers | undefined, picked: string | null): ServerAnswer | undefined {
  const usable = answers?.servers.filter((server) => server.answers && server.httpAddress !== null) ?? [];
  return usable.find((one) => one.httpAddress === picked) ?? freshest(usable);
}

/** What the stale snapshot would be worth, measured against the last good one. */
function Worth({ server, lastGood }: { server: ServerAnswer; lastGood: SnapshotRow | null }) {
  const ahead =
    lastGood?.raftIndex == null || server.index === null ? null : server.index - lastGood.raftIndex;
  const contact =
    server.lastContactMs === null
      ? ""
      : ` This server last heard a leader ${formatDuration(server.lastContactMs)} ago.`;
  return (
    <Note tone="warn" icon={IconHourglassLow} title={worthTitle(lastGood, ahead)}>
      {lastGood !== null && ahead !== null && ahead > 0
        ? `It holds ${formatNumber(ahead)} raft entries more than ${utcTime(lastGood.takenAt)}. `
        : ""}
      Without a leader no write can commit, so little can be missing.{contact} It is kept and flagged Stale.
    </Note>
  );
}

function worthTitle(lastGood: SnapshotRow | null, ahead: number | null): string {
  if (lastGood === null) return "There is no good snapshot yet, so this would be the only one.";
  if (ahead === null) return "How it compares with your last good one is not known.";
  if (ahead > 0) return "A stale snapshot would still be newer than your last good one.";
  return "This server holds nothing that your last good snapshot has not.";
}

function useLastGood(clusterId: string, datacenter: string): SnapshotRow | null {
  const { data } = useQuery(summaryQuery);
  const own = data?.datacenters.find((one) => one.clusterId === clusterId && one.datacenter === datacenter);
  return own?.lastGood ?? null;
}

/** The server that is furthest along; with equal indexes the first one. */
function freshest(servers: readonly ServerAnswer[]): ServerAnswer | undefined {
  return servers.reduce<ServerAnswer | undefined>(
    (best, one) => (best === undefined || (one.index ?? -1) > (best.index ?? -1) ? one : best),
    undefined,
  );
}

function hostOf(server: ServerAnswer): string {
  const address = server.serverAddress ?? server.httpAddress ?? "";
  return address.replace(/^https?:\/\//, "").replace(/:\d+$/, "");
}
