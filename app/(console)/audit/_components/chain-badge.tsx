"use client";

import { Button } from "@mantine/core";
import { IconLink, IconLinkOff, IconLoader2 } from "@tabler/icons-react";
import { formatCount, formatDigest, formatNumber } from "#app/_ui/format.ts";
import { Note } from "#app/_ui/note.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { BrokenEntry, ChainReport } from "#core/audit/contract.ts";
import css from "./audit-head.module.css";

type Props = { report: ChainReport | null; checking: boolean };

/** What the last check found: quiet until there was one, green, or loud. */
export function ChainBadge({ report, checking }: Props) {
  if (checking) {
    return (
      <span className={css.chain} data-tone="run" role="status">
        <IconLoader2 size={14} className="spin" aria-hidden />
        Checking every entry
      </span>
    );
  }
  if (report === null) return <span className={`t3 fs12 ${css.quiet}`}>Hash chain not checked yet</span>;
  switch (report.state) {
    case "empty":
      return <span className={`t3 fs12 ${css.quiet}`}>No entry to check yet</span>;
    case "intact":
      return (
        <span className={css.chain} data-tone="good" role="status">
          <IconLink size={14} aria-hidden />
          Hash chain verified up to entry {formatNumber(report.lastEntry)}
        </span>
      );
    case "broken":
      return (
        <span className={css.chain} data-tone="bad" role="status">
          <IconLinkOff size={16} aria-hidden />
          Hash chain broken at entry {formatNumber(report.broken?.entry)}
        </span>
      );
    default:
      return report.state satisfies never;
  }
}

/** `head 8c1f…e07a, checked 03:14:05`, and what else the check covered. */
export function ChainFacts({ report }: { report: ChainReport }) {
  const { head, anchors, archivedThrough, durationMs } = report;
  return (
    <span className="fs12" title={head ?? undefined}>
      {head !== null && (
        <>
          head <span className="mono">{formatDigest(head)}</span>,{" "}
        </>
      )}
      checked <Utc at={report.checkedAt} />
      {durationMs >= 1_000 && ` in ${formatNumber(Math.round(durationMs / 1_000))} s`}
      {anchors.checked > 0 && `, ${formatCount(anchors.checked, "anchor")}`}
      {archivedThrough !== null && `, archived through ${formatNumber(archivedThrough)}`}
    </span>
  );
}

/** A log that was changed is the loudest thing this page can say. */
export function BrokenNote({ broken, onOpen }: { broken: BrokenEntry; onOpen: (entry: number) => void }) {
  return (
    <Note
      tone="bad"
      role="alert"
      icon={IconLinkOff}
      className={css.broken ?? ""}
      title={`Hash chain broken at entry ${formatNumber(broken.entry)}.`}
      {...(isGone(broken)
        ? {}
        : {
            action: (
              <Button size="xs" onClick={() => onOpen(broken.entry)}>
                Open entry
              </Button>
            ),
          })}
    >
      {broken.words} What stands before it checks out. From it on the log can't be trusted: keep a copy of the
      database as it is, and compare with an anchor, an archive file or a backup.
    </Note>
  );
}

/** An entry that was removed or archived can't be opened. */
function isGone({ kind }: BrokenEntry): boolean {
  return kind === "missing" || kind === "tail-cut" || kind === "archive";
}
