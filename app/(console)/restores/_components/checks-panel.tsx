"use client";

import { Button } from "@mantine/core";
import { IconCamera, IconRefresh } from "@tabler/icons-react";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { DatacenterChoice } from "../../snapshots/_components/datacenter-select.tsx";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { openTake } from "../../snapshots/_lib/take-store.ts";
import { type Check, checksSummary } from "../_lib/review-checks.ts";
import classes from "./restores.module.css";

type Props = { checks: readonly Check[]; target: DatacenterChoice; readAt: number; onAgain: () => void };

/** What stands in the way and what is lost. A pass is one line, a warning gets two. */
export function ChecksPanel({ checks, target, readAt, onAgain }: Props) {
  return (
    <Panel>
      <PanelHeader
        title="Before you restore"
        sub={<span className="from-768">{checksSummary(checks)}</span>}
        actions={
          <>
            <span className="t3 fs12 from-768">
              read <Utc at={readAt} />
            </span>
            <Button
              size="xs"
              variant="ghost"
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={onAgain}
            >
              Read again
            </Button>
          </>
        }
      />
      <ul className={classes.checks} aria-label="Checks">
        {checks.map((check) => (
          <CheckRow key={check.key} check={check} target={target} />
        ))}
      </ul>
    </Panel>
  );
}

function CheckRow({ check, target }: { check: Check; target: DatacenterChoice }) {
  return (
    <li data-one={check.result === "pass" || undefined} data-block={check.result === "block" || undefined}>
      <StateText state={check.result} />
      <div className="row between" style={{ flexWrap: "wrap" }}>
        <div data-words>
          <div className="med">{check.title}</div>
          <div className={classes.why}>{check.why}</div>
        </div>
        {check.offersTake === true && (
          <GuardedButton
            permission="snapshot.take"
            places={[target]}
            size="xs"
            leftSection={<IconCamera size={14} aria-hidden />}
            onClick={() => openTake(target)}
          >
            Take snapshot…
          </GuardedButton>
        )}
      </div>
    </li>
  );
}
