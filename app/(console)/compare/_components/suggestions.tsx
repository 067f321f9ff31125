"use client";

import { Button } from "@mantine/core";
import { IconBroadcast } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Empty } from "#app/_ui/empty.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { summaryQuery } from "../../_shell/queries.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { isRestorable } from "../../snapshots/_lib/row-facts.ts";
import { useHydrated } from "../../snapshots/_lib/use-hydrated.ts";
import { snapshotListQuery } from "../../snapshots/queries.ts";
import { live } from "../_lib/params.ts";
import { apartWords, type Side, sideName, toSide } from "../_lib/side-words.ts";
import classes from "./compare.module.css";
import { OtherSide } from "./other-side.tsx";

type Pick = (a: string | null, b: string | null) => void;
type Props = { a: string | null; b: string | null; known: Side | null; onPick: Pick };

/** What most people came to compare, one press away. */
export function Suggestions({ a, b, known, onPick }: Props) {
  if (a === null && b === null) return <LastPairs onPick={onPick} />;
  return <OtherSide a={a} b={b} known={known} onPick={onPick} />;
}

type Place = { clusterId: string | null; clusterName: string; datacenter: string };

/** The last two good snapshots of each datacenter. */
function LastPairs({ onPick }: { onPick: Pick }) {
  const hydrated = useHydrated();
  const summary = useQuery(summaryQuery);
  const places: readonly Place[] = hydrated ? (summary.data?.datacenters ?? []) : [];
  const lists = useQueries({ queries: places.map((place) => newestOf(place)) });
  if (!hydrated || summary.data === undefined || lists.some((list) => list.isPending)) {
    return (
      <Panel>
        <SkeletonList rows={3} />
      </Panel>
    );
  }
  const pairs = places.flatMap((place, at) => {
    const [newer, older] = (lists[at]?.data?.rows ?? []).filter(isRestorable);
    return newer === undefined ? [] : [{ place, newer, older: older ?? null }];
  });
  if (pairs.length === 0) return <Nothing />;
  return (
    <Panel>
      <PanelHeader
        title="What changed lately"
        sub={<span className="from-768">the last two snapshots of each datacenter</span>}
        actions={
          <Button size="xs" variant="ghost" component={Link} href="/snapshots">
            All snapshots
          </Button>
        }
      />
      <ul className={classes.suggestions}>
        {pairs.map(({ place, newer, older }) => (
          <PairLine
            key={`${place.clusterId} ${place.datacenter}`}
            place={place}
            newer={newer}
            older={older}
            onPick={onPick}
          />
        ))}
      </ul>
    </Panel>
  );
}

function newestOf({ clusterId, datacenter }: Place) {
  return snapshotListQuery({ ...(clusterId === null ? {} : { clusterId }), datacenter, limit: 10 });
}

function Nothing() {
  return (
    <Panel>
      <Empty
        title="There is nothing to compare yet"
        actions={
          <Button component={Link} href="/snapshots" variant="primary">
            Snapshots
          </Button>
        }
      >
        With two snapshots of a datacenter, or one and its live cluster, this page shows every key, service
        and policy that differs.
      </Empty>
    </Panel>
  );
}

type PairProps = { place: Place; newer: SnapshotRow; older: SnapshotRow | null; onPick: Pick };

function PairLine({ place, newer, older, onPick }: PairProps) {
  const now = useNow(60_000);
  const apart = older === null ? "only one snapshot so far" : apartWords(toSide(older), toSide(newer));
  return (
    <li>
      <div className={classes.pairWords}>
        <div className="trunc">
          <b className="med">{place.datacenter}</b> <span className="t3">{place.clusterName}</span>
        </div>
        <div className="fs12 t3 tn trunc">
          {older !== null && `${sideName(toSide(older), now)} and ${sideName(toSide(newer), now)}: `}
          {apart}
        </div>
      </div>
      <GuardedButton
        permission="snapshot.take"
        places={[newer]}
        reason={newer.clusterId === null ? "Its cluster isn't known" : null}
        size="xs"
        leftSection={<IconBroadcast size={14} aria-hidden />}
        onClick={() => onPick(newer.id, live)}
      >
        Newest with live
      </GuardedButton>
      <GuardedButton
        permission="snapshot.read"
        reason={older === null ? "It takes two" : null}
        size="xs"
        variant="primary"
        onClick={() => older !== null && onPick(older.id, newer.id)}
      >
        Last two
      </GuardedButton>
    </li>
  );
}
