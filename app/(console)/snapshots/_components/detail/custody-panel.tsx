"use client";

import { Button } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Fragment } from "react";
import { ApiError, getJson } from "#app/_client/api.ts";
import { auditKeys } from "#app/_client/keys.ts";
import { useCan } from "#app/_client/use-viewer.ts";
import { ErrorNote, errorText } from "#app/_ui/error-panel.tsx";
import { utcDay, utcDayKey } from "#app/_ui/format-time.ts";
import { Panel, PanelFooter, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { Utc, useNow } from "#app/_ui/time.tsx";
import type { Custody, CustodyEvent } from "#core/audit/contract.ts";
import { everywhere } from "#core/kernel/permission.ts";
import classes from "./custody.module.css";
import { custodyLine } from "./custody-words.ts";

const custodyQuery = (id: string) =>
  queryOptions({
    queryKey: auditKeys.custody(id),
    queryFn: ({ signal }) =>
      getJson<Custody>(`/api/v1/snapshots/${encodeURIComponent(id)}/custody`, { signal }),
    refetchInterval: 10_000,
  });

/** Everything that happened to a snapshot, newest first, out of the audit log. */
export function CustodyPanel({ id }: { id: string }) {
  const query = useQuery(custodyQuery(id));
  const mayOpenLog = useCan("audit.read", everywhere).allowed;
  const events = query.data?.events ?? [];
  return (
    <Panel aria-label="Custody" aria-busy={query.isPending}>
      <PanelHeader
        title="Custody"
        sub="every touch since it was taken"
        {...(mayOpenLog ? { actions: <LogLink id={id} /> } : {})}
      />
      {query.isPending && <SkeletonList rows={3} height={32} />}
      {query.data === undefined && query.error !== null && (
        <Unreadable error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data !== undefined && events.length === 0 && (
        <p className={classes.message}>
          Nobody has touched it since the log begins. What was archived of the log stands in its files.
        </p>
      )}
      {events.length > 0 && <Events events={events} id={id} />}
      {query.data?.more === true && <PanelFooter>Older touches stand in the audit log.</PanelFooter>}
    </Panel>
  );
}

/** The search, because a filter by id asks for one column, and a snapshot is the target here and beside it there. */
function LogLink({ id }: { id: string }) {
  return (
    <Button
      size="xs"
      variant="ghost"
      component={Link}
      href={`/audit?q=${encodeURIComponent(id)}`}
      prefetch={false}
    >
      Open in audit log
    </Button>
  );
}

function Unreadable({ error, onRetry }: { error: Error; onRetry: () => void }) {
  if (error instanceof ApiError && error.code === "forbidden") {
    return <p className={classes.message}>{errorText(error)}</p>;
  }
  return (
    <div className={classes.message}>
      <ErrorNote title="The custody could not be read." error={error}>
        It is still written.
      </ErrorNote>
      <Button size="xs" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** Times alone for today; each other day has its name above. */
function Events({ events, id }: { events: readonly CustodyEvent[]; id: string }) {
  const now = useNow(60_000);
  const today = utcDayKey(now);
  return (
    <ol className={classes.events}>
      {events.map((event, place) => {
        const day = utcDayKey(event.at);
        const newDay = day !== (place === 0 ? today : utcDayKey(events[place - 1]?.at));
        return (
          <Fragment key={event.entry}>
            {newDay && <li className={classes.day}>{day === today ? "Today" : utcDay(event.at, now)}</li>}
            <Event event={event} id={id} />
          </Fragment>
        );
      })}
    </ol>
  );
}

function Event({ event, id }: { event: CustodyEvent; id: string }) {
  const { icon: Picture, tone, words, about, more, why, address } = custodyLine(event, id);
  const loud = tone === "bad" || tone === "warn";
  return (
    <li className={classes.event}>
      <span className={classes.mark} data-tone={tone}>
        <Picture size={14} aria-hidden />
      </span>
      <Utc at={event.at} className="t2" />
      <span className={classes.words}>
        <b className={loud ? `med c-${tone}` : `med ${classes.done}`}>{words}</b>
        {about !== null && ` ${about}`} {event.outcome === "denied" ? "to" : "by"} {event.actorName}
        {address !== null && address !== "local" && ` from ${address}`}
        {more !== null && `, ${more}`}
        {address !== null && (
          <>
            , request <span className="mono nowrap">{event.requestId}</span>
          </>
        )}
        {why !== null && `: ${why}`}
      </span>
    </li>
  );
}
