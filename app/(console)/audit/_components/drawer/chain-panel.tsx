"use client";

import { useQuery } from "@tanstack/react-query";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { type Fact, Facts } from "#app/_ui/facts.tsx";
import { formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import type { AuditEntryDetail, ChainReport } from "#core/audit/contract.ts";
import { digestEnds } from "../../_lib/digest.ts";
import { chainQuery } from "../../queries.ts";
import { EntryLink } from "../entry-link.tsx";
import css from "./entry-drawer.module.css";

type Props = { detail: AuditEntryDetail; onOpen: (entry: number) => void };

/** How the entry hangs in the chain, and what the last check says of it. */
export function ChainPanel({ detail, onOpen }: Props) {
  const chain = useQuery(chainQuery);
  return (
    <Panel aria-label="Hash chain">
      <PanelHeader
        title="Hash chain"
        as="h3"
        actions={<Verdict report={chain.data ?? undefined} entry={detail.entry} />}
      />
      <Facts className={css.facts ?? ""} facts={factsOf(detail, onOpen)} />
    </Panel>
  );
}

/** Only what a check has covered is called intact. */
function Verdict({ report, entry }: { report: ChainReport | undefined; entry: number }) {
  const broken = report?.broken ?? null;
  if (broken !== null && entry >= broken.entry) {
    const word = entry === broken.entry ? "broken here" : `broken at ${formatNumber(broken.entry)}`;
    return <StateText state="failed" word={word} small />;
  }
  const covered = report?.lastEntry != null && entry <= report.lastEntry;
  if (covered) return <StateText state="verified" word="intact" small />;
  return <span className="t3 fs12">not checked yet</span>;
}

function factsOf(detail: AuditEntryDetail, onOpen: (entry: number) => void): Fact[] {
  const { entry, previousHash, hash, nextHash, neighbours } = detail;
  const isFirst = entry === 1;
  return [
    {
      key: "previous",
      label: <Neighbour word="Previous" entry={neighbours.previous} onOpen={onOpen} />,
      value: isFirst ? (
        "none, this is the first"
      ) : (
        <Digest digest={previousHash} label="Copy previous hash" quiet />
      ),
    },
    { key: "this", label: "This entry", value: <Digest digest={hash} label="Copy this hash" /> },
    {
      key: "next",
      label: <Neighbour word="Next" entry={neighbours.next} onOpen={onOpen} />,
      value:
        neighbours.next === null && nextHash === null ? (
          "none yet, this is the head"
        ) : (
          <Digest digest={nextHash} label="Copy next hash" quiet />
        ),
    },
  ];
}

type NeighbourProps = { word: string; entry: number | null; onOpen: (entry: number) => void };

function Neighbour({ word, entry, onOpen }: NeighbourProps) {
  if (entry === null) return word;
  return (
    <>
      {word},{" "}
      <EntryLink entry={entry} onOpen={onOpen} className={css.neighbour}>
        {formatNumber(entry)}
      </EntryLink>
    </>
  );
}

function Digest({ digest, label, quiet = false }: { digest: string | null; label: string; quiet?: boolean }) {
  if (digest === null) return <span className="t3">not chained yet</span>;
  return (
    <span className={css.id}>
      <span className={quiet ? "mono t2" : "mono"} title={digest}>
        {digestEnds(digest)}
      </span>
      <CopyButton text={digest} label={label} />
    </span>
  );
}
