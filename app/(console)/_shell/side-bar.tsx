"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useCan } from "#app/_client/use-viewer.ts";
import { BrandMark } from "#app/_ui/brand.tsx";
import { formatNumber } from "#app/_ui/format.ts";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { stateSpec } from "#app/_ui/states.ts";
import { Ago, useNow } from "#app/_ui/time.tsx";
import type { DatacenterHealth } from "#core/clusters/contract.ts";
import { type Area, areas, isInArea, settings } from "./areas.ts";
import { sideState, summaryOf } from "./datacenter-state.ts";
import { datacentersQuery, summaryQuery } from "./queries.ts";
import css from "./shell.module.css";
import { UserMenu } from "./user-menu.tsx";

export function SideBar() {
  const count = useQuery({ ...summaryQuery, select: (summary) => summary.storedCount });
  return (
    <aside className={css.side}>
      <Link href="/" className={css.brand} aria-label="Snapkeep">
        <BrandMark />
        <span>Snapkeep</span>
      </Link>
      <div className={css.scroll}>
        <nav className={css.nav} aria-label="Areas">
          {areas.map((area) => (
            <AreaLink
              key={area.href}
              area={area}
              {...(area.href === "/snapshots" ? { count: count.data } : {})}
            />
          ))}
        </nav>
        <Datacenters />
        <h2 className={css.heading}>Settings</h2>
        <nav className={`${css.nav} ${css.navTight}`} aria-label="Settings">
          {settings.map((area) => (
            <AreaLink key={area.href} area={area} />
          ))}
        </nav>
      </div>
      <UserMenu />
    </aside>
  );
}

function AreaLink({ area, count }: { area: Area; count?: number | undefined }) {
  const path = usePathname();
  const allowed = useCan(area.permission ?? "cluster.read").allowed;
  if (area.permission !== undefined && !allowed) return null;
  return (
    <Link
      href={area.href}
      className={css.item}
      title={area.name}
      {...(isInArea(path, area) ? { "aria-current": "page" } : {})}
    >
      <area.icon aria-hidden />
      <span>{area.name}</span>
      {count !== undefined && count > 0 && <span className={css.count}>{formatNumber(count)}</span>}
    </Link>
  );
}

function Datacenters() {
  const { data } = useQuery(datacentersQuery);
  if (data === undefined || data.datacenters.length === 0) return null;
  return (
    <>
      <h2 className={css.heading}>Datacenters</h2>
      <ul aria-label="Datacenters">
        {data.datacenters.map((health) => (
          <li key={`${health.clusterId} ${health.datacenter}`}>
            <DatacenterLine health={health} />
          </li>
        ))}
      </ul>
    </>
  );
}

function DatacenterLine({ health }: { health: DatacenterHealth }) {
  const summary = useQuery(summaryQuery);
  const now = useNow(10_000);
  const line = sideState(health, summaryOf(summary.data?.datacenters, health), now);
  const query = new URLSearchParams({ clusterId: health.clusterId, datacenter: health.datacenter });
  return (
    <Link
      href={`/snapshots?${query}`}
      className={css.dc}
      title={`${health.datacenter} in ${health.clusterName}`}
    >
      <StateIcon state={line.state} size={15} label={stateSpec(line.state).word} />
      <span className="trunc">{health.datacenter}</span>
      <small data-bad={line.bad || undefined}>
        {"words" in line ? line.words : <Ago at={line.lastGoodAt} />}
      </small>
    </Link>
  );
}
