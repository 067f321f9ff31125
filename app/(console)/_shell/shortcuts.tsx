"use client";
import { lazy, Suspense, useEffect, useState } from "react";
import { useReturnFocus } from "#app/_ui/use-return-focus.ts";
import { onOpenShortcuts } from "./shortcut-store.ts";

const ShortcutList = lazy(() =>
  import("./shortcut-list.tsx").then((module) => ({ default: module.ShortcutList })),
);

/** `?` lists all shortcuts. The dialog loads when it is first asked for. */
export function Shortcuts() {
  const [opened, setOpened] = useState(false);
  const [wanted, setWanted] = useState(false);
  useReturnFocus(opened);
  useEffect(
    () =>
      onOpenShortcuts(() => {
        setWanted(true);
        setOpened(true);
      }),
    [],
  );
  if (!wanted) return null;
  return (
    <Suspense>
      <ShortcutList opened={opened} onClose={() => setOpened(false)} />
    </Suspense>
  );
}
