"use client";

import { IconCircleCheck, IconClockExclamation } from "@tabler/icons-react";
import { Glyph } from "#app/_ui/glyph.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import { type DatacenterView, verdictDetail, verdictTitle } from "./model.ts";
import classes from "./overview.module.css";

type Props = { views: readonly DatacenterView[]; checkedAt: string | null; now: number };

export function VerdictPanel({ views, checkedAt, now }: Props) {
  const good = views.every((view) => view.recoverable);
  return (
    <Panel className={classes.verdict} aria-label="Verdict">
      <Glyph tone={good ? "good" : "late"} icon={good ? IconCircleCheck : IconClockExclamation} size="lg" />
      <div className="grow">
        <h1>{verdictTitle(views)}</h1>
        <p>{verdictDetail(views, now)}</p>
      </div>
      {checkedAt !== null && (
        <div className={`t3 fs12 ${classes.checked}`}>
          Checked <Utc at={checkedAt} /> UTC
        </div>
      )}
    </Panel>
  );
}
