"use client";
import type { ReactNode } from "react";
import { BottomTabs } from "./bottom-tabs.tsx";
import { JobWatcher } from "./job-watcher.tsx";
import css from "./shell.module.css";
import { Shortcuts } from "./shortcuts.tsx";
import { SideBar } from "./side-bar.tsx";
import { TopBar } from "./top-bar.tsx";

/** Side bar, top bar, the page that scrolls between them, and on a phone the tabs below it. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <>
      <a href="#page" className={css.skip}>
        Skip to the page
      </a>
      <div className={css.app}>
        <SideBar />
        <div className={css.main}>
          <TopBar />
          <main id="page" className={css.page} tabIndex={-1}>
            {children}
          </main>
        </div>
        <BottomTabs />
      </div>
      <JobWatcher />
      <Shortcuts />
    </>
  );
}
