"use client";

import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import table from "#app/_ui/data-table.module.css";
import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { KeyName } from "#app/_ui/key-name.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Sign } from "#app/_ui/sign.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import { TableScroll } from "#app/_ui/table-scroll.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { Impact, Preflight } from "#core/restore/contract.ts";
import { kindWords } from "../_lib/kind-words.ts";
import {
  fullDiffHref,
  groupNames,
  impactWords,
  keyChanges,
  keyChangeWords,
} from "../_lib/preflight-words.ts";
import classes from "./restores.module.css";

type Props = { preflight: Preflight | undefined; name: string };

/** The snapshot against the live state: what comes back, what reverts, what disappears. */
export function ImpactPanel({ preflight, name }: Props) {
  const [byType, setByType] = useState(false);
  const impact = preflight?.impact ?? null;
  if (preflight === undefined || impact === null) return <NoImpact preflight={preflight} name={name} />;
  return (
    <Panel>
      <PanelHeader
        title={`What changes in ${name}`}
        sub={
          <span className="from-768">
            snapshot against live, read <Utc at={impact.readAt} />
          </span>
        }
        actions={
          <>
            <Button
              size="xs"
              variant="ghost"
              className="from-768"
              aria-pressed={byType}
              onClick={() => setByType(!byType)}
            >
              By record type
            </Button>
            <Button size="xs" variant="ghost" component={Link} href={fullDiffHref(preflight, impact)}>
              Open full diff
            </Button>
          </>
        }
      />
      <ImpactTable impact={impact} byType={byType} />
      <Keys impact={impact} />
    </Panel>
  );
}

function NoImpact({ preflight, name }: Props) {
  const pending = preflight === undefined || preflight.state === "running";
  return (
    <Panel aria-busy={pending}>
      <PanelHeader title={`What changes in ${name}`} sub={pending ? "not known yet" : "not known"} />
      {pending ? (
        <SkeletonList rows={6} />
      ) : (
        <p className={`t2 ${classes.facts}`}>
          The live state could not be compared. The preflight above says why.
        </p>
      )}
    </Panel>
  );
}

type Row = { key: string; label: string; comesBack: number; reverts: number; disappears: number };

function rowsOf(impact: Impact, byType: boolean): Row[] {
  return byType
    ? impact.kinds.map((kind) => ({ ...kind, key: `${kind.kind} ${kind.typeName}`, label: kindWords(kind) }))
    : impact.groups.map((group) => ({ ...group, key: group.group, label: groupNames[group.group] }));
}

function ImpactTable({ impact, byType }: { impact: Impact; byType: boolean }) {
  return (
    <TableScroll label="What changes">
      <table className={`${table.table} ${table.compact} ${classes.impact}`}>
        <thead>
          <tr>
            <th>Records</th>
            <th className={table.num}>Comes back</th>
            <th className={table.num}>Reverts</th>
            <th className={table.num}>Disappears</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(impact, byType).map((row) => (
            <tr key={row.key}>
              <td>{row.label}</td>
              <Count value={row.comesBack} tone="c-good" />
              <Count value={row.reverts} tone="c-warn" />
              <Count value={row.disappears} tone="c-bad" />
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Count({ value, tone }: { value: number; tone: string }) {
  return <td className={`${table.num} ${value === 0 ? "t3" : tone}`}>{formatNumber(value)}</td>;
}

function Keys({ impact }: { impact: Impact }) {
  const more = impact.keysTotal - impact.keys.length;
  return (
    <ul className={classes.keys} aria-label="Keys that change">
      {impact.keys.map((key) => (
        <li key={`${key.change} ${key.label}`}>
          <Sign sign={keyChanges[key.change].sign} tone={keyChanges[key.change].tone} />
          <KeyName text={key.label} className="grow trunc" />
          {key.closed && (
            <Tag>
              <IconLock size={12} aria-hidden />
              redacted
            </Tag>
          )}
          <span className="t3 fs12 nowrap">{keyChangeWords(key)}</span>
        </li>
      ))}
      <li className="t3 fs12">
        {impactWords(impact)}
        {more > 0 && `; ${formatCount(more, "more key")} in the full diff`}
      </li>
    </ul>
  );
}
