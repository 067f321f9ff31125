"use client";
import { Button, Drawer } from "@mantine/core";
import { IconUserCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTransition } from "react";
import { useViewer } from "#app/_client/use-viewer.ts";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { Ago, useNow } from "#app/_ui/time.tsx";
import { areas, settings } from "./areas.ts";
import { sideState, summaryOf } from "./datacenter-state.ts";
import { leave } from "./leave.ts";
import css from "./more-sheet.module.css";
import { datacentersQuery, summaryQuery } from "./queries.ts";
import { ThemeChoice } from "./theme-choice.tsx";

type Props = { opened: boolean; onClose: () => void };

/** What the side bar has and the bottom tabs have no room for. */
export function MoreSheet({ opened, onClose }: Props) {
  const viewer = useViewer();
  const [leaving, startLeaving] = useTransition();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="bottom"
      size="auto"
      title="More"
      classNames={{ content: css.content ?? "" }}
    >
      <div className={css.sheet}>
        <DatacenterList onClose={onClose} />
        <nav aria-label="More areas">
          {[...areas.filter((area) => area.underMore), ...settings].map((area) => (
            <Link key={area.href} href={area.href} className={css.line} onClick={onClose}>
              <area.icon aria-hidden />
              {area.name}
            </Link>
          ))}
        </nav>
        <ThemeChoice />
        <div className="row between">
          <Link href="/account" className={`${css.line} grow`} onClick={onClose}>
            <IconUserCircle aria-hidden />
            <span className="grow trunc">
              <span className="med">{viewer.name}</span>{" "}
              <span className="t3">{viewer.role}, your account</span>
            </span>
          </Link>
          <Button loading={leaving} onClick={() => startLeaving(leave)}>
            Sign out
          </Button>
        </div>
      </div>
    </Drawer>
  );
}

function DatacenterList({ onClose }: { onClose: () => void }) {
  const { data } = useQuery(datacentersQuery);
  const summary = useQuery(summaryQuery);
  const now = useNow(10_000);
  return (
    <ul aria-label="Datacenters">
      {data?.datacenters.map((health) => {
        const line = sideState(health, summaryOf(summary.data?.datacenters, health), now);
        const query = new URLSearchParams({ clusterId: health.clusterId, datacenter: health.datacenter });
        return (
          <li key={`${health.clusterId} ${health.datacenter}`}>
            <Link href={`/snapshots?${query}`} className={css.line} onClick={onClose}>
              <StateIcon state={line.state} />
              <span className="grow trunc">
                {health.datacenter} <span className="t3">{health.clusterName}</span>
              </span>
              <span className={line.bad ? "c-bad" : "t3"}>
                {"words" in line ? line.words : <Ago at={line.lastGoodAt} />}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
