"use client";

import { IconCamera, IconHourglassLow } from "@tabler/icons-react";
import { unknownText } from "#app/_ui/format.ts";
import { GuardedButton } from "../snapshots/_components/guarded-button.tsx";
import { openTake, showTakeProgress } from "../snapshots/_lib/take-store.ts";
import type { DatacenterView } from "./model.ts";
import classes from "./overview.module.css";

/** The history of one datacenter. */
export function historyHref(view: DatacenterView): string {
  const query = new URLSearchParams({ clusterId: view.health.clusterId, datacenter: view.health.datacenter });
  return `/snapshots?${query.toString()}`;
}

export function Leader({ view }: { view: DatacenterView }) {
  switch (view.health.state) {
    case "ok":
      return <span className="mono">{view.health.leader ?? unknownText}</span>;
    case "no_leader":
      return <span className="c-bad med">None</span>;
    case "unreachable":
      return <span className="c-bad med">Unreachable</span>;
    case "unknown":
      return <span className="t3">Not asked yet</span>;
    default:
      return view.health.state satisfies never;
  }
}

const blocksMax = 7;

/** A block for each server, filled when healthy, and the number beside them. */
export function Servers({ view }: { view: DatacenterView }) {
  const { serversHealthy: healthy, serversTotal: total } = view.health;
  if (total === null || healthy === null) return <span className="t3">{unknownText}</span>;
  const all = healthy >= total;
  return (
    <span className={classes.servers}>
      {total <= blocksMax && (
        <span className={classes.blocks} aria-hidden>
          {Array.from({ length: total }, (_, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the blocks have no identity
            <i key={place} data-down={place >= healthy || undefined} />
          ))}
        </span>
      )}
      <span>
        <span className={all ? "tn" : "tn c-bad med"}>
          {healthy}/{total}
        </span>{" "}
        healthy
      </span>
    </span>
  );
}

/** Without a leader the only snapshot that can be taken is a stale one, and the button says so. */
export function TakeButton({ view }: { view: DatacenterView }) {
  const { clusterId, datacenter, state } = view.health;
  const last = view.lastAttempt;
  if (state === "no_leader") {
    const failed = last?.state === "failed" && last.failureCode === "consul_no_leader" ? last.id : null;
    return (
      <GuardedButton
        permission="snapshot.take"
        places={[view.health]}
        size="xs"
        leftSection={<IconHourglassLow size={14} aria-hidden />}
        onClick={() =>
          failed === null ? openTake({ clusterId, datacenter, mode: "stale" }) : showTakeProgress(failed)
        }
      >
        Take stale snapshot…
      </GuardedButton>
    );
  }
  return (
    <GuardedButton
      permission="snapshot.take"
      places={[view.health]}
      reason={state === "unreachable" ? "No server answers" : null}
      size="xs"
      leftSection={<IconCamera size={14} aria-hidden />}
      onClick={() => openTake({ clusterId, datacenter })}
    >
      Take snapshot
    </GuardedButton>
  );
}
