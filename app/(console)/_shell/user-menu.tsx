"use client";
import { IconSettings } from "@tabler/icons-react";
import { lazy, Suspense, useId, useRef } from "react";
import { useViewer } from "#app/_client/use-viewer.ts";
import { Popup } from "#app/_ui/popup.tsx";
import css from "./user-menu.module.css";

const UserPanel = lazy(() => import("./user-panel.tsx").then((module) => ({ default: module.UserPanel })));

/** The person at the foot of the side bar: name, role, and behind it theme and sign-out. */
export function UserMenu() {
  const viewer = useViewer();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  return (
    <div className={css.frame}>
      <button
        ref={button}
        type="button"
        className={css.me}
        aria-haspopup="dialog"
        aria-label={`${viewer.name}, ${viewer.role}: theme and sign out`}
        popoverTarget={id}
      >
        <span className={css.avatar} aria-hidden>
          {initials(viewer.name)}
        </span>
        <span className={css.words}>
          <span className="med trunc">{viewer.name}</span>
          <span className="t3 fs12">{viewer.role}</span>
        </span>
        <IconSettings className="t3" aria-hidden />
      </button>
      <Popup id={id} anchor={button} place="top-start" role="dialog" label="Theme and sign out" width={240}>
        {(close) => (
          // As high as what comes, because the popup is placed before the code is there.
          <Suspense fallback={<div style={{ height: userPanelPx }} />}>
            <UserPanel close={close} />
          </Suspense>
        )}
      </Popup>
    </div>
  );
}

const userPanelPx = 138;

/** `ops-primary` is OP, `admin` is AD. */
function initials(name: string): string {
  const [first = "", second = ""] = name.split(/[._-]/).filter((part) => part !== "");
  const letters = second === "" ? first.slice(0, 2) : `${first[0] ?? ""}${second[0] ?? ""}`;
  return letters.toUpperCase();
}
