"use client";

import { Drawer } from "@mantine/core";
import type { Comparison } from "#core/comparisons/contract.ts";
import { DifferenceCard } from "./difference-card.tsx";
import classes from "./reader.module.css";
import type { Chosen } from "./workspace.tsx";

type Props = { comparison: Comparison; chosen: readonly Chosen[]; onClose: () => void };

/** On a phone the chosen difference comes up over the list. */
export function ReaderSheet({ comparison, chosen, onClose }: Props) {
  const [first] = chosen;
  return (
    <Drawer opened onClose={onClose} position="bottom" size="88%" title="Difference">
      <div className={classes.sheet}>
        {first !== undefined && (
          <DifferenceCard
            key={`${first.kind} ${first.id}`}
            comparison={comparison}
            chosen={first}
            view="unified"
          />
        )}
      </div>
    </Drawer>
  );
}
