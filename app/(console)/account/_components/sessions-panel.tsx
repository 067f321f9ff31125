"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import table from "#app/_ui/data-table.module.css";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { ErrorNote, ErrorPanel } from "#app/_ui/error-panel.tsx";
import { formatCount, unknownText } from "#app/_ui/format.ts";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import { TableScroll } from "#app/_ui/table-scroll.tsx";
import { Ago, Utc } from "#app/_ui/time.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { SessionView } from "#core/access/contract.ts";
import { agentWords } from "../_lib/agent-words.ts";
import { endSession } from "../actions.ts";
import { sessionsQuery } from "../queries.ts";

const EndOthersDialog = lazy(() =>
  import("./end-others-dialog.tsx").then((module) => ({ default: module.EndOthersDialog })),
);

/** Every browser in which one is signed in. */
export function SessionsPanel() {
  const sessions = useQuery(sessionsQuery);
  const queries = useQueryClient();
  const dialog = useDialog<null>();
  const end = useMutation({
    mutationFn: (id: string) => unwrapped(endSession({ id })),
    onSettled: () => queries.invalidateQueries({ queryKey: accountKeys.sessions }),
  });
  const rows = sessions.data?.sessions;
  const others = rows?.filter((session) => !session.current).length ?? 0;
  if (rows === undefined && sessions.error !== null) {
    return (
      <ErrorPanel
        title="Your sessions could not be read"
        error={sessions.error}
        onRetry={() => void sessions.refetch()}
      />
    );
  }
  const row = { onEnd: end.mutate, ending: end.isPending ? end.variables : null };
  return (
    <Panel aria-busy={rows === undefined}>
      <PanelHeader
        title="Sessions"
        sub={rows === undefined ? undefined : formatCount(rows.length, "browser")}
        actions={
          others > 0 ? (
            <Button size="xs" onClick={() => dialog.open(null)}>
              End all others…
            </Button>
          ) : undefined
        }
      />
      {end.error !== null && (
        <PanelBody>
          <ErrorNote title="The session was not ended." error={end.error} />
        </PanelBody>
      )}
      {rows === undefined ? <SkeletonList rows={2} /> : <Sessions rows={rows} {...row} />}
      <DialogSlot dialog={dialog}>{(common) => <EndOthersDialog others={others} {...common} />}</DialogSlot>
    </Panel>
  );
}

type Acts = { onEnd: (id: string) => void; ending: string | null };

function Sessions({ rows, ...acts }: Acts & { rows: readonly SessionView[] }) {
  return (
    <>
      <TableScroll className="from-768" label="Sessions">
        <table className={table.table}>
          <thead>
            <tr>
              <th>Browser</th>
              <th>Address</th>
              <th>Signed in with</th>
              <th>Since</th>
              <th>Last seen</th>
              <th>Ends at the latest</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((session) => (
              <SessionRow key={session.id} session={session} {...acts} />
            ))}
          </tbody>
        </table>
      </TableScroll>
      <ul className={`${table.list} below-768`}>
        {rows.map((session) => (
          <SessionItem key={session.id} session={session} {...acts} />
        ))}
      </ul>
    </>
  );
}

type RowProps = Acts & { session: SessionView };

function SessionRow({ session, ...acts }: RowProps) {
  return (
    <tr className={table.row}>
      <td title={session.userAgent ?? undefined}>
        <BrowserName session={session} />
      </td>
      <td className="mono">{session.address ?? unknownText}</td>
      <td className="t2">{session.signedInWith}</td>
      <td className="tn">
        <Utc at={session.startedAt} as="short" />
      </td>
      <td className="tn">
        <LastSeen session={session} />
      </td>
      <td className="tn t2">
        <Utc at={session.expiresAt} as="short" />
      </td>
      <td className={table.num}>
        <EndButton session={session} {...acts} />
      </td>
    </tr>
  );
}

function SessionItem({ session, ...acts }: RowProps) {
  return (
    <li className={table.item}>
      <div className="grow">
        <BrowserName session={session} />
        <div className={table.itemSmall}>
          <span className="mono">{session.address ?? unknownText}</span>, {session.signedInWith}
        </div>
        <div className={`${table.itemSmall} t3`}>
          since <Utc at={session.startedAt} as="short" />, seen <LastSeen session={session} />
        </div>
      </div>
      <EndButton session={session} {...acts} />
    </li>
  );
}

function BrowserName({ session }: { session: SessionView }) {
  return (
    <span className="row" style={{ gap: 6 }}>
      <span className="med trunc">{agentWords(session.userAgent)}</span>
      {session.current && <Tag>this one</Tag>}
    </span>
  );
}

function LastSeen({ session }: { session: SessionView }) {
  return session.current ? "now" : <Ago at={session.lastSeenAt} suffix=" ago" />;
}

/** One's own is ended by signing out. */
function EndButton({ session, onEnd, ending }: RowProps) {
  if (session.current) return null;
  return (
    <Button
      size="xs"
      variant="ghost"
      loading={ending === session.id}
      aria-label={`End the session in ${agentWords(session.userAgent)}`}
      onClick={() => onEnd(session.id)}
    >
      End
    </Button>
  );
}
