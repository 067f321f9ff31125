"use client";
import { IconLoader2 } from "@tabler/icons-react";
import { useLater } from "./use-later.ts";

/** Most answers are there at once. One that takes longer than this makes the index first. */
const slowMs = 1_200;

export function IndexingNote() {
  const slow = useLater(slowMs);
  return (
    <p role="status" className="row t2 fs12" style={slow ? { padding: "8px 16px" } : undefined}>
      {slow && (
        <>
          <IconLoader2 size={14} className="spin" aria-hidden />
          Reading the archive once to index it…
        </>
      )}
    </p>
  );
}
