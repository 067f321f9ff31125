"use client";

import { CopyButton } from "#app/_ui/copy-button.tsx";
import { utcTime } from "#app/_ui/format-time.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import classes from "./take/take.module.css";

/** What was asked and what came back, raw and ready to copy into a ticket. */
export function FailureLines({ row }: { row: SnapshotDetail }) {
  const [method, ...rest] = (row.requestLine ?? "").split(" ");
  const status = row.responseStatus === null ? "" : String(row.responseStatus);
  const when = [`${utcTime(row.takenAt)} UTC`, row.requestId].filter(Boolean).join(", ");
  const text = [row.requestLine, [status, row.failureText].filter(Boolean).join(" "), when]
    .filter(Boolean)
    .join("\n");
  return (
    <div className={classes.raw}>
      <pre>
        {row.requestLine !== null && (
          <>
            <span>{method}</span> {rest.join(" ")}
            {"\n"}
          </>
        )}
        {status !== "" && <span>{status} </span>}
        {row.failureText ?? "No reason was recorded"}
        {"\n"}
        <span>{when}</span>
      </pre>
      <CopyButton text={text} label="Copy error" />
    </div>
  );
}
