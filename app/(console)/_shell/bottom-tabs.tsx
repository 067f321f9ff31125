"use client";
import { IconDots } from "@tabler/icons-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { lazy, Suspense, useState } from "react";
import { useReturnFocus } from "#app/_ui/use-return-focus.ts";
import { areas, isInArea, settings } from "./areas.ts";
import css from "./shell.module.css";

const MoreSheet = lazy(() => import("./more-sheet.tsx").then((module) => ({ default: module.MoreSheet })));

const tabs = areas.filter((area) => area.underMore !== true);

/** The areas at the thumb, below 768 px. */
export function BottomTabs() {
  const path = usePathname();
  const [wanted, setWanted] = useState(false);
  const [opened, setOpened] = useState(false);
  useReturnFocus(opened);
  const underMore = [...areas.filter((area) => area.underMore), ...settings];
  return (
    <nav className={css.tabs} aria-label="Areas">
      {tabs.map((area) => (
        <Link
          key={area.href}
          href={area.href}
          className={css.tab}
          {...(isInArea(path, area) ? { "aria-current": "page" } : {})}
        >
          <area.icon size={20} aria-hidden />
          {area.href === "/audit" ? "Audit" : area.name}
        </Link>
      ))}
      <button
        type="button"
        className={css.tab}
        data-on={underMore.some((area) => isInArea(path, area)) || undefined}
        aria-haspopup="dialog"
        onClick={() => {
          setWanted(true);
          setOpened(true);
        }}
      >
        <IconDots size={20} aria-hidden />
        More
      </button>
      {wanted && (
        <Suspense>
          <MoreSheet opened={opened} onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </nav>
  );
}
