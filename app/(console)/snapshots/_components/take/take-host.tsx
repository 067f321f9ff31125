"use client";

import dynamic from "next/dynamic";
import { parseAsString, useQueryState } from "nuqs";
import { useEffect } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { openTake, useTakeDialog } from "../../_lib/take-store.ts";
import { isElsewhere } from "../history/use-row-keys.ts";

const TakeDialog = dynamic(() => import("./take-dialog.tsx").then((module) => module.TakeDialog), {
  ssr: false,
});

/** Where the take dialog appears, on each page that can start one. `t` opens it, and so does `?take=dc1`. */
export function TakeHost() {
  const dialog = useTakeDialog();
  const { allowed } = useCan("snapshot.take");
  useTakeKey(allowed);
  useTakeLink(allowed);
  return dialog.kind === "closed" ? null : <TakeDialog dialog={dialog} />;
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
  const [wanted, setWanted] = useQueryState("take", parseAsString);
  useEffect(() => {
    if (wanted === null) return;
    void setWanted(null, { history: "replace" });
    if (allowed) openTake(wanted === "" ? {} : { datacenter: wanted });
  }, [wanted, setWanted, allowed]);
}
