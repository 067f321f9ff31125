"use client";
import { type ReactNode, useState } from "react";
import { formatCount } from "./format.ts";
import css from "./text-diff.module.css";
import {
  cutLine,
  firstLines,
  linesBefore,
  type TextDiffHunk,
  type TextDiffLine,
  toSplitRows,
} from "./text-diff-rows.ts";
import { showUnseenInLine } from "./value-view-text.ts";

export type TextDiffView = "unified" | "split";

type Props = {
  hunks: readonly TextDiffHunk[];
  view: TextDiffView;
  /** What is compared, for the accessible name. */
  label: string;
};

const linesMax = 500;
const lineCharsMax = 4_000;

/** Two texts line by line, with the numbers of both and the words that differ marked. */
export function TextDiff({ hunks, view, label }: Props) {
  const [all, setAll] = useState(false);
  const count = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  const shown = all ? hunks : firstLines(hunks, linesMax);
  return (
    <section className={css.diff} data-view={view} aria-label={`Differences of ${label}`}>
      {shown.map((hunk, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: hunks have no other name and never move
        <div key={place} className={css.hunk}>
          <Gap lines={linesBefore(hunk, shown[place - 1])} />
          {view === "unified" ? <Unified lines={hunk.lines} /> : <Split lines={hunk.lines} />}
        </div>
      ))}
      {!all && count > linesMax && (
        <button type="button" className={css.all} onClick={() => setAll(true)}>
          Show {formatCount(count - linesMax, "more line")}
        </button>
      )}
    </section>
  );
}

function Gap({ lines }: { lines: number }) {
  if (lines === 0) return null;
  return <div className={css.gap}>{formatCount(lines, "line")} the same</div>;
}

function Unified({ lines }: { lines: readonly TextDiffLine[] }) {
  return lines.map((line) => (
    <DiffRow
      key={`${line.kind} ${line.beforeLine} ${line.afterLine}`}
      kind={line.kind}
      beforeLine={line.beforeLine}
      afterLine={line.afterLine}
    >
      <Words line={line} />
    </DiffRow>
  ));
}

type RowProps = {
  kind: TextDiffLine["kind"];
  beforeLine: number | null;
  afterLine: number | null;
  children: ReactNode;
};

/** One line of the unified view; also for lines that are no text, such as the dots of a secret. */
export function DiffRow({ kind, beforeLine, afterLine, children }: RowProps) {
  return (
    <div className={css.line} data-kind={kind}>
      <span className={css.number}>{beforeLine}</span>
      <span className={css.number}>{afterLine}</span>
      <Sign kind={kind} />
      <code dir="ltr">{children}</code>
    </div>
  );
}

/** The frame of lines that a caller makes by itself. */
export function DiffRows({ children }: { children: ReactNode }) {
  return <div className={css.diff}>{children}</div>;
}

function Sign({ kind }: { kind: TextDiffLine["kind"] }) {
  if (kind === "same") return <span className={css.sign} />;
  return (
    <span className={css.sign}>
      <span aria-hidden>{kind === "added" ? "+" : "−"}</span>
      <span className="sr-only">{kind === "added" ? "Added: " : "Removed: "}</span>
    </span>
  );
}

function Words({ line }: { line: TextDiffLine }) {
  const { parts, more } = cutLine(line.parts, lineCharsMax);
  return (
    <>
      {parts.map((part, place) => {
        const text = showUnseenInLine(part.text);
        if (!part.marked) return text;
        // biome-ignore lint/suspicious/noArrayIndexKey: the words of a line never move
        return <mark key={place}>{text}</mark>;
      })}
      {more > 0 && <em>… {formatCount(more, "more character")}</em>}
    </>
  );
}

function Split({ lines }: { lines: readonly TextDiffLine[] }) {
  return toSplitRows(lines).map((row) => (
    <div key={`${row.before?.beforeLine} ${row.after?.afterLine}`} className={css.pair}>
      <Half line={row.before} number={row.before?.beforeLine ?? null} />
      <Half line={row.after} number={row.after?.afterLine ?? null} />
    </div>
  ));
}

function Half({ line, number }: { line: TextDiffLine | null; number: number | null }) {
  if (line === null) return <div className={css.half} data-kind="none" />;
  return (
    <div className={css.half} data-kind={line.kind}>
      <span className={css.number}>{number}</span>
      <Sign kind={line.kind} />
      <code dir="ltr">
        <Words line={line} />
      </code>
    </div>
  );
}

type SwitchProps = { view: TextDiffView; onChange: (view: TextDiffView) => void };

const views = { unified: "Unified", split: "Split" } as const satisfies Record<TextDiffView, string>;

/** Unified or split: plain buttons, since Mantine's control measures itself with every layout. */
export function TextDiffSwitch({ view, onChange }: SwitchProps) {
  return (
    <fieldset className={css.switch} aria-label="Layout of the differences">
      {(["unified", "split"] as const).map((name) => (
        <button key={name} type="button" aria-pressed={name === view} onClick={() => onChange(name)}>
          {views[name]}
        </button>
      ))}
    </fieldset>
  );
}
