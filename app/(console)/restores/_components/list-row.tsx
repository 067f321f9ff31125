"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import table from "#app/_ui/data-table.module.css";
import { StateIcon } from "#app/_ui/state-text.tsx";
import type { Tone } from "#app/_ui/states.ts";
import { Ago, Utc } from "#app/_ui/time.tsx";
import type { Shown } from "../_lib/restore-words.ts";
import css from "./list-row.module.css";

type CellProps = {
  href: string;
  at: string;
  /** "Open drill of s-7f3k2m9q"; the second is added. */
  label: string;
};

/** The cell that opens a row: when it began. */
export function TimeLinkCell({ href, at, label }: CellProps) {
  return (
    <td className="tn">
      <Link href={href} prefetch={false} aria-label={`${label} ${at.slice(11, 19)}`}>
        <Utc at={at} as="day" /> <Utc at={at} />
      </Link>{" "}
      <Ago at={at} className="t3" />
    </td>
  );
}

/** The rows of a list below 768 px. */
export function Cards({ children }: { children: ReactNode }) {
  return <ul className={`${table.list} ${css.cards}`}>{children}</ul>;
}

const loud: Partial<Record<Tone, string>> = { bad: "c-bad med", warn: "c-warn med" };

type CardProps = {
  href: string;
  shown: Shown;
  datacenter: string;
  clusterName: string;
  at: string;
  /** The second line: how it stands, in the colour of the state. */
  words: ReactNode;
  side: ReactNode;
  /** What the viewer can do about a row that waits for somebody. */
  act?: ReactNode;
  /** The third line. */
  children: ReactNode;
};

/** A row of a list below 768 px, in three lines. */
export function Card(props: CardProps) {
  const { href, shown, datacenter, clusterName, at, words, side, act, children } = props;
  return (
    <li data-waiting={act !== undefined || undefined}>
      <Link href={href} prefetch={false} className={`${table.item} ${css.card}`}>
        <StateIcon state={shown.name} size={20} />
        <span className="grow stack">
          <span className={table.itemLine}>
            <span className="trunc">
              <b className="med">{datacenter}</b> <span className="t3">{clusterName}</span>
            </span>
            <span className="tn nowrap">
              <Utc at={at} as="short" /> <Ago at={at} className="t3" />
            </span>
          </span>
          <span className={`${table.itemLine} ${table.itemSmall}`}>
            <span className={loud[shown.tone] ?? "t2"}>{words}</span>
            <span>{side}</span>
          </span>
          <span className="fs12 t3 trunc">{children}</span>
        </span>
      </Link>
      {act !== undefined && <div className={css.act}>{act}</div>}
    </li>
  );
}
