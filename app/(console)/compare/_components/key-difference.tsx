"use client";

import { useQuery } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatBytes } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { RevealedBar, RevealForm } from "#app/_ui/reveal-form.tsx";
import { useReveal } from "#app/_ui/reveal-form-timer.ts";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { DiffRow, DiffRows, TextDiff, TextDiffSwitch, type TextDiffView } from "#app/_ui/text-diff.tsx";
import type { Comparison, DifferenceRow, ValueDifference } from "#core/comparisons/contract.ts";
import type { KeyValue } from "#core/contents/contract.ts";
import { bytesNote, changeOf, closedRule, entryNotes, formOf } from "../_lib/value-words.ts";
import { revealDifference } from "../actions.ts";
import { valueQuery } from "../queries.ts";
import { CardHead, MetaLine, ofRow } from "./card-head.tsx";
import classes from "./reader.module.css";

type Props = {
  comparison: Comparison;
  keyId: string;
  row: DifferenceRow | null;
  view: TextDiffView;
  onView?: (view: TextDiffView) => void;
};

/** A key in both snapshots. A closed value is opened here, and only held here. */
export function KeyDifference({ comparison, keyId, row, view, onView }: Props) {
  const read = useQuery(valueQuery(comparison.id, keyId));
  const revealed = useReveal<ValueDifference>((reason) =>
    unwrapped(revealDifference({ id: comparison.id, keyId, reason })),
  );
  const { data } = read;
  if (data === undefined) {
    return (
      <Panel>
        <CardHead change={row?.change ?? null} label={row?.label ?? null} closed={row?.closed ?? null} />
        {row !== null && <MetaLine {...ofRow(row)} />}
        {read.isError ? (
          <div className={classes.said}>
            <ErrorNote title="The values could not be read." error={read.error} />
          </div>
        ) : (
          <SkeletonList rows={3} height={28} />
        )}
      </Panel>
    );
  }
  const entry = (data.after ?? data.before)?.entry ?? null;
  const rule = closedRule(data);
  const shown = revealed.value ?? data;
  // One side alone has nothing to stand beside.
  const both = shown.before !== null && shown.after !== null;
  const canSplit = both && shown.text !== null && shown.text.hunks.length > 0;
  return (
    <Panel>
      <CardHead
        change={row?.change ?? changeOf(data)}
        label={entry?.text ?? row?.label ?? null}
        closed={revealed.value === null ? rule : null}
      >
        {onView !== undefined && canSplit && <TextDiffSwitch view={view} onChange={onView} />}
      </CardHead>
      <MetaLine
        before={measureOf(data.before)}
        after={measureOf(data.after)}
        {...(rule !== null && revealed.value === null ? {} : { form: formOf(shown) })}
      />
      {revealed.value !== null && (
        <div className={classes.revealed}>
          <RevealedBar secondsLeft={revealed.secondsLeft} onHide={revealed.hide} />
        </div>
      )}
      <Notes data={data} />
      <Values data={shown} view={both ? view : "unified"} label={entry?.text ?? "the key"} />
      {rule !== null && revealed.value === null && (
        <div className={classes.reveal}>
          <RevealForm
            title={
              <>
                Hidden because the name matches <span className="mono">{rule}</span>
              </>
            }
            what={data.before !== null && data.after !== null ? "both values" : "the value"}
            places={[comparison.a, comparison.b]}
            pending={revealed.pending}
            error={revealed.error}
            onReveal={revealed.reveal}
          />
        </div>
      )}
    </Panel>
  );
}

function measureOf(side: KeyValue | null) {
  return side === null ? null : { bytes: side.entry.valueBytes, modifyIndex: side.entry.modifyIndex };
}

/** Flags, locks and sessions of a key, in words. */
function Notes({ data }: { data: ValueDifference }) {
  const notes = entryNotes(data.before?.entry ?? null, data.after?.entry ?? null);
  if (notes.length === 0) return null;
  return (
    <ul className={classes.notes}>
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function Values({ data, view, label }: { data: ValueDifference; view: TextDiffView; label: string }) {
  if (closedRule(data) !== null) return <Dots data={data} />;
  if (data.text !== null && data.text.hunks.length > 0) {
    return <TextDiff hunks={data.text.hunks} view={view} label={label} />;
  }
  return <p className={`${classes.said} t2`}>{bytesNote(data)}</p>;
}

const dots = "••••••••••••••••";

/** As much as may be known of a closed value: how long it is, and whether it is the same. */
function Dots({ data }: { data: ValueDifference }) {
  const { before, after } = data;
  const same =
    before?.value.state === "closed" &&
    after?.value.state === "closed" &&
    before.value.fingerprint === after.value.fingerprint &&
    before.value.bytes === after.value.bytes;
  if (same) {
    return (
      <DiffRows>
        <DiffRow kind="same" beforeLine={1} afterLine={1}>
          <Closed side={after} /> <em>, the same in both</em>
        </DiffRow>
      </DiffRows>
    );
  }
  return (
    <DiffRows>
      {before !== null && (
        <DiffRow kind="removed" beforeLine={1} afterLine={null}>
          <Closed side={before} />
        </DiffRow>
      )}
      {after !== null && (
        <DiffRow kind="added" beforeLine={null} afterLine={1}>
          <Closed side={after} />
        </DiffRow>
      )}
    </DiffRows>
  );
}

function Closed({ side }: { side: KeyValue }) {
  if (side.value.state !== "closed") return <em>{formatBytes(side.entry.valueBytes)}, open</em>;
  return (
    <>
      {dots}{" "}
      <em>
        {formatBytes(side.value.bytes)}, fingerprint <span>{side.value.fingerprint}</span>
      </em>
    </>
  );
}
