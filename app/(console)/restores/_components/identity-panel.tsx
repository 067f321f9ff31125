"use client";

import table from "#app/_ui/data-table.module.css";
import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { keyWords } from "#app/_ui/key-name.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { TableScroll } from "#app/_ui/table-scroll.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { IdentityView, RestoreDetail } from "#core/restore/contract.ts";
import { kindWords } from "../_lib/kind-words.ts";
import classes from "./restores.module.css";

/** What the fresh snapshot was found to hold, beside what was wanted. */
export function IdentityPanel({ row }: { row: RestoreDetail }) {
  const { againstSnapshot, againstSafety } = row;
  if (againstSnapshot === null && againstSafety === null) return null;
  const examples = againstSnapshot?.examples ?? [];
  return (
    <Panel>
      <PanelHeader
        title="Contents compared"
        sub={
          row.checkedAt === null ? undefined : (
            <>
              read <Utc at={row.checkedAt} />
            </>
          )
        }
      />
      <TableScroll label="Contents compared">
        <table className={`${table.table} ${table.compact}`}>
          <thead>
            <tr>
              <th>{row.datacenter} against</th>
              <th>Result</th>
              <th className={table.num}>Equal</th>
              <th className={table.num}>Written since</th>
              <th className={table.num}>Differs</th>
            </tr>
          </thead>
          <tbody>
            {againstSnapshot !== null && <Row name="the snapshot" found={againstSnapshot} />}
            {againstSafety !== null && <Row name="the safety snapshot" found={againstSafety} />}
          </tbody>
        </table>
      </TableScroll>
      {againstSnapshot?.matches === false && <Kinds found={againstSnapshot} />}
      {examples.length > 0 && againstSnapshot?.matches === false && (
        <ul className={classes.examples} aria-label="Some of what differs from the snapshot">
          {examples.map((name) => (
            <li key={name} className="mono">
              {keyWords(name)}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Row({ name, found }: { name: string; found: IdentityView }) {
  const differs = found.unexplained;
  return (
    <tr>
      <td>{name}</td>
      <td>
        {found.matches ? (
          <StateText state="ok" word="Match" />
        ) : (
          <StateText state="warning" word="No match" />
        )}
      </td>
      <td className={table.num}>
        {formatNumber(found.equal)} <span className="t3">of {formatNumber(found.wanted)}</span>
      </td>
      <td className={table.num}>{formatNumber(found.writtenSince)}</td>
      <td className={`${table.num} ${differs === 0 ? "t3" : "c-warn"}`}>{formatNumber(differs)}</td>
    </tr>
  );
}

function Kinds({ found }: { found: IdentityView }) {
  const words = found.kinds
    .filter((kind) => kind.unexplained > 0)
    .map((kind) => `${kindWords(kind)} ${formatNumber(kind.unexplained)}`);
  if (words.length === 0) return null;
  return (
    <p className={`fs12 t2 ${classes.kinds}`}>
      {formatCount(found.unexplained, "record differs", "records differ")} from the snapshot:{" "}
      {words.join(", ")}.
    </p>
  );
}
