import Link from "next/link";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { type Fact, Facts } from "#app/_ui/facts.tsx";
import { unknownText } from "#app/_ui/format.ts";
import { keyWords } from "#app/_ui/key-name.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { Recovery } from "#core/recoveries/contract.ts";
import restores from "../../_components/restores.module.css";
import { keyTextOf, selectionWords } from "../_lib/recovery-words.ts";
import classes from "./parts.module.css";

const chipsMax = 12;

/** Who, why and from what; with the id that the audit log knows it by. */
export function RecoveryFacts({ row }: { row: Recovery }) {
  const facts: Fact[] = [
    {
      label: "Snapshot",
      value: (
        <Link className="link mono" href={`/snapshots/${row.snapshotId}`}>
          {row.snapshotId}
        </Link>
      ),
    },
    { label: "Taken", value: <Utc at={row.snapshotTakenAt} as="title" /> },
    { label: "Taken of", value: row.snapshotDatacenter ?? unknownText },
    { label: "Into", value: `${row.datacenter} in ${row.clusterName}` },
    { label: "Planned", value: <Utc at={row.plannedAt} as="title" /> },
    { label: "By", value: row.byName },
    ...(row.reason === "" ? [] : [{ label: "Reason", value: row.reason }]),
    ...(row.appliedAt === null ? [] : [{ label: "Written", value: <Utc at={row.appliedAt} as="title" /> }]),
    ...(row.undoneAt === null ? [] : [{ label: "Taken back", value: <Utc at={row.undoneAt} as="title" /> }]),
    {
      label: "Correlation id",
      value: (
        <span className="row" style={{ justifyContent: "flex-end", gap: 4 }}>
          <span className="mono">{row.correlationId}</span>
          <CopyButton text={row.correlationId} label="Copy correlation id" />
        </span>
      ),
    },
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
