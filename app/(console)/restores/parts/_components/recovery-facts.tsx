import { type Fact, Facts } from "#app/_ui/facts.tsx";
import { unknownText } from "#app/_ui/format.ts";
import { keyWords } from "#app/_ui/key-name.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { Recovery } from "#core/recoveries/contract.ts";
import { correlationFact, IdLink } from "../../_components/id-facts.tsx";
import restores from "../../_components/restores.module.css";
import { keyTextOf, selectionWords } from "../_lib/recovery-words.ts";
import classes from "./parts.module.css";

const chipsMax = 12;

/** Who, why and from what; with the id that the audit log knows it by. */
export function RecoveryFacts({ row }: { row: Recovery }) {
  const facts: Fact[] = [
    {
      label: "Snapshot",
      value: <IdLink href={`/snapshots/${row.snapshotId}`} id={row.snapshotId} />,
    },
    { label: "Taken", value: <Utc at={row.snapshotTakenAt} as="title" /> },
    { label: "Taken of", value: row.snapshotDatacenter ?? unknownText },
    { label: "Into", value: `${row.datacenter} in ${row.clusterName}` },
    { label: "Planned", value: <Utc at={row.plannedAt} as="title" /> },
    { label: "By", value: row.byName },
    ...(row.reason === "" ? [] : [{ label: "Reason", value: row.reason }]),
    ...(row.appliedAt === null ? [] : [{ label: "Written", value: <Utc at={row.appliedAt} as="title" /> }]),
    ...(row.undoneAt === null ? [] : [{ label: "Taken back", value: <Utc at={row.undoneAt} as="title" /> }]),
    correlationFact(row.correlationId),
  ];
  return (
    <Panel>
      <PanelHeader title="Request" />
      <Facts className={restores.facts} facts={facts} />
      <div className={classes.message}>
        <ul className={classes.chips} aria-label="What was chosen">
          {row.selections.slice(0, chipsMax).map((selection) => (
            <li key={JSON.stringify(selection)} className={classes.chip}>
              <bdi className="mono trunc">{keyWords(selectionWords(selection, keyTextOf), 60)}</bdi>
            </li>
          ))}
          {row.selections.length > chipsMax && (
            <li className={classes.chip}>{row.selections.length - chipsMax} more</li>
          )}
        </ul>
      </div>
    </Panel>
  );
}
