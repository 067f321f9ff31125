"use client";

import { useEffect, useRef } from "react";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { TextDiffView } from "#app/_ui/text-diff.tsx";
import type { Comparison } from "#core/comparisons/contract.ts";
import { useStored } from "../../snapshots/_lib/use-stored.ts";
import { DifferenceCard } from "./difference-card.tsx";
import classes from "./reader.module.css";
import type { Chosen } from "./workspace.tsx";

type Props = { comparison: Comparison; chosen: readonly Chosen[]; waiting: boolean };

const readView = (stored: unknown): TextDiffView => (stored === "split" ? "split" : "unified");

/** What the chosen differences say, one below the other. */
export function Reader({ comparison, chosen, waiting }: Props) {
  const [view, setView] = useStored<TextDiffView>("snapkeep.compare.view", "unified", readView);
  const area = useRef<HTMLDivElement>(null);
  const first = chosen[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another difference is read from its beginning
  useEffect(() => {
    if (area.current !== null) area.current.scrollTop = 0;
  }, [first?.id]);
  if (first === undefined) {
    return (
      <Panel className={classes.empty}>
        {waiting ? (
          <SkeletonList rows={6} height={30} />
        ) : (
          <p className="t3">There is nothing to read here.</p>
        )}
      </Panel>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={area} className={classes.reader} aria-label="Chosen differences" tabIndex={0}>
      {chosen.map((one, place) => (
        <DifferenceCard
          key={`${one.kind} ${one.id}`}
          comparison={comparison}
          chosen={one}
          view={view}
          {...(place === 0 ? { onView: setView } : {})}
        />
      ))}
    </section>
  );
}
