import { IconArrowRight, IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { formatBytes, formatNumber } from "#app/_ui/format.ts";
import { keyWords } from "#app/_ui/key-name.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import type { DifferenceRow } from "#core/comparisons/contract.ts";
import type { Change } from "../_lib/rows.ts";
import { ChangeSign } from "./change-sign.tsx";
import classes from "./reader.module.css";

const shownChars = 160;

type HeadProps = {
  change: Change | null;
  /** Null while it isn't known. */
  label: string | null;
  closed: string | null;
  children?: ReactNode;
};

/** The name of what differs. Whatever is in it, it is only text, in one line of known direction. */
export function CardHead({ change, label, closed, children }: HeadProps) {
  return (
    <header className={classes.head}>
      {change !== null && <ChangeSign change={change} />}
      <h2
        className="mono med"
        dir="ltr"
        title={label !== null && label.length > shownChars ? keyWords(label, 1_000) : undefined}
      >
        {label === null ? "…" : keyWords(label, shownChars)}
      </h2>
      {label !== null && <CopyButton text={label} label="Copy name" />}
      <span className="grow" />
      {closed !== null && (
        <Tag>
          <IconLock size={12} aria-hidden />
          redacted
        </Tag>
      )}
      {children}
    </header>
  );
}

type Sides = { before: Measure | null; after: Measure | null };
type Measure = { bytes: number; modifyIndex: number | null };
type MetaProps = Sides & { form?: string };

export function ofRow(row: DifferenceRow): Sides {
  return { before: row.before, after: row.after };
}

/** ModifyIndex and size of both sides, and what the value is. */
export function MetaLine({ before, after, form }: MetaProps) {
  const index = [before?.modifyIndex ?? null, after?.modifyIndex ?? null];
  return (
    <div className={classes.meta}>
      {index.some((one) => one !== null) && (
        <span className="nowrap">
          ModifyIndex <FromTo from={wordOf(index[0])} to={wordOf(index[1])} />
        </span>
      )}
      <span className="nowrap">
        <FromTo
          from={before === null ? null : formatBytes(before.bytes)}
          to={after === null ? null : formatBytes(after.bytes)}
        />
      </span>
      {form !== undefined && <span>{form}</span>}
    </div>
  );
}

const wordOf = (index: number | null | undefined): string | null =>
  index === null || index === undefined ? null : formatNumber(index);

function FromTo({ from, to }: { from: string | null; to: string | null }) {
  if (from === null || to === null || from === to) return <span className="t2">{to ?? from}</span>;
  return (
    <>
      {from} <IconArrowRight size={12} role="img" aria-label="to" /> <span className="t2">{to}</span>
    </>
  );
}
