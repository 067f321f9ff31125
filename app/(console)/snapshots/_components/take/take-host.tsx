"use client";

import { lazy, Suspense, useEffect } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { useReturnFocus } from "#app/_ui/use-return-focus.ts";
import { openTake, useTakeDialog } from "../../_lib/take-store.ts";
import { isElsewhere } from "../history/use-row-keys.ts";

const TakeDialog = lazy(() => import("./take-dialog.tsx").then((module) => ({ default: module.TakeDialog })));

/** Where the take dialog appears, on each page that can start one. `t` opens it, and so does `?take=dc1`. */
export function TakeHost() {
  const dialog = useTakeDialog();
  const { allowed } = useCan("snapshot.take");
  useTakeKey(allowed);
  useTakeLink(allowed);
  useReturnFocus(dialog.kind !== "closed");
  if (dialog.kind === "closed") return null;
  return (
    <Suspense>
      <TakeDialog dialog={dialog} />
    </Suspense>
  );
}

function useTakeKey(allowed: boolean): void {
  useEffect(() => {
    if (!allowed) return;
    function onKey(event: KeyboardEvent) {
      if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.defaultPrevented || isElsewhere(event)) return;
      event.preventDefault();
      openTake();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [allowed]);
}

/** A link can ask for the dialog; the parameter leaves the URL at once, so that a reload doesn't ask again. */
function useTakeLink(allowed: boolean): void {
  useEffect(() => {
    const url = new URL(window.location.href);
    const wanted = url.searchParams.get("take");
    if (wanted === null) return;
    url.searchParams.delete("take");
    window.history.replaceState(window.history.state, "", url);
    if (allowed) openTake(wanted === "" ? {} : { datacenter: wanted });
  }, [allowed]);
}
