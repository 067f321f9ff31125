"use client";

import type { KeyboardEvent } from "react";
import table from "#app/_ui/data-table.module.css";
import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { TableScroll } from "#app/_ui/table-scroll.tsx";
import type { KindDifference } from "#core/comparisons/contract.ts";
import { differing, hiddenChurn, kindSuffix } from "../_lib/kinds.ts";
import type { CompareParams } from "../_lib/params.ts";
import type { ChangeParams } from "./compare.tsx";
import classes from "./kinds-panel.module.css";

type Props = {
  kinds: readonly KindDifference[];
  chosen: KindDifference;
  params: CompareParams;
  onChange: ChangeParams;
};

/** How much differs of each record type. What differs comes first, what doesn't stands below in grey. */
export function KindsPanel({ kinds, chosen, params, onChange }: Props) {
  const changed = kinds.filter((kind) => differing(kind) + kind.churn > 0);
  const most = Math.max(1, ...kinds.map(differing));
  return (
    <Panel className={classes.panel}>
      <PanelHeader title="Record types" actions={<span className="t3 fs12">A to B</span>} />
      <TableScroll label="Record types">
        <table className={`${table.table} ${table.compact} ${classes.table}`} aria-label="Record types">
          <thead>
            <tr>
              <th>Type</th>
              <th className={table.num}>Added</th>
              <th className={table.num}>Changed</th>
              <th className={table.num}>Removed</th>
            </tr>
          </thead>
          <tbody>
            {changed.map((kind) => (
              <KindRow
                key={`${kind.kind} ${kind.typeName}`}
                kind={kind}
                most={most}
                selected={kind === chosen}
                onChoose={() =>
                  onChange({ kind: kind.kind, key: null, pattern: null, changes: null }, "push")
                }
              />
            ))}
            <SameRows kinds={kinds.filter((kind) => differing(kind) + kind.churn === 0)} />
          </tbody>
          <Total kinds={kinds} />
        </table>
      </TableScroll>
      <Churn kinds={kinds} params={params} onChange={onChange} />
    </Panel>
  );
}

/** A line each; on a phone, where every line is a push of the thumb, one for all. */
function SameRows({ kinds }: { kinds: readonly KindDifference[] }) {
  return (
    <>
      {kinds.map((kind) => (
        <tr key={`${kind.kind} ${kind.typeName}`} className="from-768">
          <td colSpan={3} className="mono t2">
            <Name kind={kind} />
          </td>
          <td className={`${table.num} t3`}>identical</td>
        </tr>
      ))}
      {kinds.length > 0 && (
        <tr className="below-768">
          <td colSpan={3} className="t2">
            {formatCount(kinds.length, "other type")}
          </td>
          <td className={`${table.num} t3`}>identical</td>
        </tr>
      )}
    </>
  );
}

function Total({ kinds }: { kinds: readonly KindDifference[] }) {
  const sum = (of: "added" | "changed" | "removed") => kinds.reduce((all, kind) => all + kind[of], 0);
  return (
    <tfoot>
      <tr className={classes.total}>
        <td>
          <b className="med">Total</b>
        </td>
        <Count sign="+" tone="c-good" value={sum("added")} strong />
        <Count sign="~" tone="c-warn" value={sum("changed")} strong />
        <Count sign="−" tone="c-bad" value={sum("removed")} strong />
      </tr>
    </tfoot>
  );
}

type RowProps = { kind: KindDifference; most: number; selected: boolean; onChoose: () => void };

function KindRow({ kind, most, selected, onChoose }: RowProps) {
  const count = differing(kind);
  return (
    <tr className={`${table.row} ${classes.kind}`} data-opens data-selected={selected} onClick={onChoose}>
      <td colSpan={count === 0 ? 2 : 1}>
        <button
          type="button"
          className={`mono ${selected ? "med" : ""} ${classes.name}`}
          aria-pressed={selected}
          onKeyDown={onArrows}
        >
          <Name kind={kind} />
        </button>
        {count > 0 && <Bar kind={kind} most={most} />}
      </td>
      {count === 0 ? (
        <td colSpan={2} className={`${table.num} t3`}>
          {formatNumber(kind.churn)} churn
        </td>
      ) : (
        <>
          <Count sign="+" tone="c-good" value={kind.added} />
          <Count sign="~" tone="c-warn" value={kind.changed} />
          <Count sign="−" tone="c-bad" value={kind.removed} />
        </>
      )}
    </tr>
  );
}

function Name({ kind }: { kind: KindDifference }) {
  const suffix = kindSuffix(kind.kind);
  return (
    <>
      {kind.typeName}
      {suffix !== null && <span className={classes.suffix}> {suffix}</span>}
    </>
  );
}

/** Up and down go from type to type, as in the list beside. */
function onArrows(event: KeyboardEvent<HTMLButtonElement>) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const all = [...(event.currentTarget.closest("tbody")?.querySelectorAll("button") ?? [])];
  const next = all[all.indexOf(event.currentTarget) + step];
  event.preventDefault();
  next?.focus();
  next?.click();
}

type CountProps = { sign: string; tone: string; value: number; strong?: boolean };

function Count({ sign, tone, value, strong = false }: CountProps) {
  return (
    <td className={`${table.num} ${value === 0 ? "t3" : tone} ${strong ? "med" : ""}`}>
      {value === 0 ? "0" : `${sign}${formatNumber(value)}`}
    </td>
  );
}

const narrowest = 14;

/** Against the type with the most differences, by the root, so that small ones can still be seen. */
function Bar({ kind, most }: { kind: KindDifference; most: number }) {
  const width = Math.max(narrowest, Math.sqrt(differing(kind) / most) * 100);
  return (
    <span className={classes.bar} style={{ width: `${width}%` }} aria-hidden>
      {kind.added > 0 && <i data-tone="good" style={{ flexGrow: kind.added }} />}
      {kind.changed > 0 && <i data-tone="warn" style={{ flexGrow: kind.changed }} />}
      {kind.removed > 0 && <i data-tone="bad" style={{ flexGrow: kind.removed }} />}
    </span>
  );
}

type ChurnProps = { kinds: readonly KindDifference[]; params: CompareParams; onChange: ChangeParams };

function Churn({ kinds, params, onChange }: ChurnProps) {
  const count = hiddenChurn(kinds);
  return (
    <div className={classes.churn}>
      <label>
        <input
          type="checkbox"
          className={classes.box}
          checked={!params.churn}
          onChange={(event) => onChange({ churn: !event.currentTarget.checked, key: null }, "push")}
        />
        Hide churn
      </label>
      <p>
        Sessions and coordinates change all the time.{" "}
        {count > 0 &&
          `${formatNumber(count)} such ${count === 1 ? "change is" : "changes are"} ${params.churn ? "listed" : "counted but not listed"}.`}
      </p>
    </div>
  );
}
