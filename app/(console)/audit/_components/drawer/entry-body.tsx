"use client";

import Link from "next/link";
import { lazy, Suspense } from "react";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { type Fact, Facts } from "#app/_ui/facts.tsx";
import { utcTime, utcTitle } from "#app/_ui/format-time.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { Ago, useNow } from "#app/_ui/time.tsx";
import type { AuditEntryDetail } from "#core/audit/contract.ts";
import { actSentence, initialsOf } from "../../_lib/act-words.ts";
import { clientWords } from "../../_lib/client-words.ts";
import { ChainPanel } from "./chain-panel.tsx";
import css from "./entry-drawer.module.css";
import { RelatedPanel } from "./related-panel.tsx";

const ChangesPanel = lazy(() =>
  import("./changes-panel.tsx").then((module) => ({ default: module.ChangesPanel })),
);

type Props = { detail: AuditEntryDetail; onOpen: (entry: number) => void };

export function EntryBody({ detail, onOpen }: Props) {
  return (
    <>
      <Sentence detail={detail} />
      <Panel aria-label="Facts">
        <Facts className={css.facts ?? ""} facts={factsOf(detail)} />
      </Panel>
      {detail.changes !== null && (
        <Suspense
          fallback={
            <Panel aria-busy="true">
              <SkeletonList rows={4} height={20} />
            </Panel>
          }
        >
          <ChangesPanel changes={detail.changes} />
        </Suspense>
      )}
      {detail.correlated.length > 1 && <RelatedPanel detail={detail} onOpen={onOpen} />}
      <ChainPanel detail={detail} onOpen={onOpen} />
    </>
  );
}

/** Who did what to what, when, and how it ended. */
function Sentence({ detail }: { detail: AuditEntryDetail }) {
  const now = useNow(60_000);
  const { words, target } = actSentence(detail);
  return (
    <div className={css.sentence}>
      <span className={css.avatar} aria-hidden>
        {initialsOf(detail.actorName)}
      </span>
      <div className="grow">
        <div className={css.words}>
          <b className="med">{detail.actorName}</b> {words}
          {target !== null && (
            <>
              {" "}
              <b className="med">{target}</b>
            </>
          )}
        </div>
        <div className="t3 fs12">
          <time dateTime={detail.at}>{exactTime(detail.at, now)}</time>, <Ago at={detail.at} suffix=" ago" />
        </div>
      </div>
      <StateBadge state={detail.outcome} />
    </div>
  );
}

/** `Thu 23 Jul 02:58:13.204 UTC` */
function exactTime(at: string, now: number): string {
  const second = utcTime(at);
  const ms = String(new Date(at).getUTCMilliseconds()).padStart(3, "0");
  return utcTitle(at, now).replace(second, `${second}.${ms}`);
}

function factsOf(detail: AuditEntryDetail): Fact[] {
  const { actorKind, role, signedInWith, address, detail: words, reason, datacenter } = detail;
  const facts: (Fact | false)[] = [
    words !== null && { label: "Result", value: words },
    { label: "Role", value: actorKind === "token" ? `${role}, by an API token` : role },
    signedInWith !== null && { label: "Signed in with", value: signedInWith },
    { label: "IP", value: <span className="mono">{address}</span> },
    { label: "Client", value: <span title={detail.userAgent ?? undefined}>{clientWords(detail)}</span> },
    datacenter !== null && { label: "Datacenter", value: datacenter },
    ...idFacts(detail),
    { label: "Request", value: <Id text={detail.requestId} label="Copy request id" /> },
    { label: "Correlation", value: <Id text={detail.correlationId} label="Copy correlation id" /> },
    reason !== null && { label: "Reason", value: reason },
  ];
  return facts.filter((fact) => fact !== false);
}

/** The ids behind the words. A snapshot's is a way to it, if it is still there. */
function idFacts({ targetId, snapshotId }: AuditEntryDetail): Fact[] {
  const named = [
    { label: "Target id", id: targetId },
    { label: "Snapshot", id: snapshotId },
  ];
  return named.flatMap(({ label, id }) => {
    if (id === null) return [];
    if (!id.startsWith("s-"))
      return [{ label, value: <Id text={id} label={`Copy ${label.toLowerCase()}`} /> }];
    return [
      {
        label,
        value: (
          <Link href={`/snapshots/${id}`} prefetch={false} className="link mono">
            {id}
          </Link>
        ),
      },
    ];
  });
}

function Id({ text, label }: { text: string; label: string }) {
  return (
    <span className={css.id}>
      <span className="mono">{text}</span>
      <CopyButton text={text} label={label} />
    </span>
  );
}
