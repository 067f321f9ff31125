import table from "#app/_ui/data-table.module.css";
import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelFooter, PanelHeader } from "#app/_ui/panel.tsx";
import { TableScroll } from "#app/_ui/table-scroll.tsx";
import type { DrillReport } from "#core/drills/contract.ts";
import { kindWords } from "../../_lib/kind-words.ts";
import classes from "./drills.module.css";

type Counts = Pick<DrillReport, "wanted" | "found" | "equal" | "moved" | "writtenSince" | "unexplained">;

/** What went in and what came out, by kind. Loud is only what nothing explains. */
export function KindsPanel({ report }: { report: DrillReport }) {
  const kinds = report.kinds.filter(({ wanted, found }) => wanted + found > 0);
  return (
    <Panel>
      <PanelHeader title="Records by kind" sub={`${formatCount(report.wanted, "record")} in the archive`} />
      <TableScroll label="Records by kind" className={classes.kinds ?? ""}>
        <table className={`${table.table} ${table.compact}`} aria-label="Records by kind">
          <thead>
            <tr>
              <th>Kind</th>
              <th className={table.num}>In archive</th>
              <th className={table.num}>Came back</th>
              <th className={table.num}>Equal</th>
              <th className={table.num}>Moved</th>
              <th className={table.num}>Differs</th>
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => (
              <tr key={`${kind.kind}-${kind.typeName}`}>
                <td className="mono">{kindWords(kind)}</td>
                <Numbers counts={kind} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className={classes.total}>
              <td>Total</td>
              <Numbers counts={report} />
            </tr>
          </tfoot>
        </table>
      </TableScroll>
      {report.examples.length > 0 && (
        <ul className={`${classes.examples} mono`} aria-label="What differs, for example">
          {report.examples.map((example) => (
            <li key={example}>
              <bdi>{example}</bdi>
            </li>
          ))}
        </ul>
      )}
      <PanelFooter>
        Moved is what a Consul adds or drops by itself: its own node, sessions and checks.
      </PanelFooter>
    </Panel>
  );
}

function Numbers({ counts }: { counts: Counts }) {
  return (
    <>
      <td className={table.num}>{formatNumber(counts.wanted)}</td>
      <td className={table.num}>{formatNumber(counts.found)}</td>
      <td className={table.num}>{formatNumber(counts.equal)}</td>
      <td className={`${table.num} t3`}>{formatNumber(counts.moved + counts.writtenSince)}</td>
      <td className={`${table.num} ${counts.unexplained > 0 ? "c-bad med" : ""}`}>
        {formatNumber(counts.unexplained)}
      </td>
    </>
  );
}
