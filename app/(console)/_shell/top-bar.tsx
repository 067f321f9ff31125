"use client";
import { ActionIcon } from "@mantine/core";
import { IconChevronRight, IconSearch } from "@tabler/icons-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { BrandMark } from "#app/_ui/brand.tsx";
import { type Crumb, useTrail } from "#app/_ui/crumbs.tsx";
import { Clock } from "#app/_ui/time.tsx";
import { areaOf } from "./areas.ts";
import { FindField, useFind } from "./find-field.tsx";
import { RunningJobs } from "./running-jobs.tsx";
import css from "./shell.module.css";
import { useKeyboard } from "./use-keyboard.ts";

export function TopBar() {
  const find = useFind();
  useKeyboard(find.focus);
  return (
    <header className={css.top}>
      <span className={css.mobileOnly}>
        <BrandMark />
      </span>
      <Trail />
      <FindField find={find} />
      <RunningJobs />
      <span className={`${css.clock} from-768`}>
        <Clock />
      </span>
      <span className="below-768">
        <Clock short />
      </span>
      <span className={css.mobileOnly}>
        <ActionIcon size="lg" aria-label="Find snapshot" onClick={find.focus}>
          <IconSearch size={20} aria-hidden />
        </ActionIcon>
      </span>
    </header>
  );
}

function Trail() {
  const path = usePathname();
  const trail = useTrail();
  const items: readonly Crumb[] = trail ?? [{ label: areaOf(path)?.name ?? "Snapkeep" }];
  return (
    <nav aria-label="Breadcrumb" className={css.trail}>
      <ol className={css.crumbs}>
        {items.map((item, place) => (
          <li key={`${item.label} ${item.href ?? ""}`}>
            {place > 0 && <IconChevronRight size={12} className="from-768" aria-hidden />}
            <CrumbText item={item} last={place === items.length - 1} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

function CrumbText({ item, last }: { item: Crumb; last: boolean }) {
  if (last) return <span aria-current="page">{item.label}</span>;
  return item.href === undefined ? <span>{item.label}</span> : <Link href={item.href}>{item.label}</Link>;
}
