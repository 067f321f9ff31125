"use client";

import { Button } from "@mantine/core";
import { Empty } from "#app/_ui/empty.tsx";
import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import type { Comparison } from "#core/comparisons/contract.ts";
import { hiddenChurn } from "../_lib/kinds.ts";
import type { ChangeParams } from "./compare.tsx";

/** Both hold the same, but for what Consul writes by itself. */
export function NothingDiffers({ comparison, onChange }: { comparison: Comparison; onChange: ChangeParams }) {
  const kinds = comparison.summary?.kinds ?? [];
  const hidden = hiddenChurn(kinds);
  const same = comparison.summary?.total.identical ?? 0;
  return (
    <Panel>
      <Empty
        title="Nothing differs"
        picture={false}
        {...(hidden === 0
          ? {}
          : { actions: <Button onClick={() => onChange({ churn: true }, "push")}>Show churn</Button> })}
      >
        {formatNumber(same)} {same === 1 ? "record is" : "records are"} identical in A and B.{" "}
        {hidden > 0 &&
          `${formatCount(hidden, "change")} of sessions, coordinates and indexes ${hidden === 1 ? "is" : "are"} hidden as churn.`}
      </Empty>
    </Panel>
  );
}
