"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import { utcDate, utcDayKey, utcMinute } from "#app/_ui/format-time.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { GuardedButton } from "../snapshots/_components/guarded-button.tsx";
import { openTake, showTakeProgress } from "../snapshots/_lib/take-store.ts";
import type { AttentionAct, AttentionItem } from "./attention.ts";
import classes from "./overview.module.css";

type Props = { items: readonly AttentionItem[]; now: number };

/** Trouble with the one thing that helps beside it. Without trouble there is no panel at all. */
export function AttentionPanel({ items, now }: Props) {
  if (items.length === 0) return null;
  return (
    <Panel aria-label="Needs attention">
      <PanelHeader title="Needs attention">
        <Tag>{items.length}</Tag>
      </PanelHeader>
      <ul className={classes.attention}>
        {items.map((item, place) => (
          <li key={item.key} data-quiet={place > 0 || item.level !== "critical" || undefined}>
            <StateText state={item.level} className={classes.level} />
            <div className={classes.what}>
              <b className="med">{item.title}</b> <span className="t3">{item.detail}</span>
            </div>
            <span className={`t3 fs12 nowrap tn ${classes.when}`}>{whenWords(item, now)}</span>
            <div className={classes.act}>
              <Act act={item.act} primary={place === 0 && item.level === "critical"} />
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function whenWords(item: AttentionItem, now: number): string {
  if (item.at === null) return "";
  const today = utcDayKey(item.at) === utcDayKey(now);
  const words = today ? utcMinute(item.at) : utcDate(item.at, now);
  return item.atWord === "since" ? `since ${words}` : words;
}

function Act({ act, primary }: { act: AttentionAct; primary: boolean }) {
  if (act.kind === "link") {
    return (
      <Button size="xs" component={Link} href={act.href}>
        {act.label}
      </Button>
    );
  }
  const { clusterId, datacenter, mode, failedId } = act;
  return (
    <GuardedButton
      permission="snapshot.take"
      places={[{ clusterId, datacenter }]}
      size="xs"
      variant={primary ? "primary" : "default"}
      // A take that just failed for want of a leader leads straight to what the servers still answer.
      onClick={() =>
        failedId === null ? openTake({ clusterId, datacenter, mode }) : showTakeProgress(failedId)
      }
    >
      {act.label}
    </GuardedButton>
  );
}
