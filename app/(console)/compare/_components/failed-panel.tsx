"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import type { Comparison } from "#core/comparisons/contract.ts";

type Props = { comparison: Comparison; isLive: boolean; onAgain: () => void };

export function FailedPanel({ comparison, isLive, onAgain }: Props) {
  const broken = (["a", "b"] as const).find(
    (name) => comparison[name].state === "corrupt" && comparison[name].snapshotId !== null,
  );
  return (
    <ErrorPanel
      title="The two could not be compared"
      error={new Error(comparison.failureText ?? "No reason was given.")}
      onRetry={onAgain}
      actions={
        broken !== undefined && (
          <Button size="xs" component={Link} href={`/snapshots/${comparison[broken].snapshotId}`}>
            Open {broken.toUpperCase()}
          </Button>
        )
      }
    >
      {broken === undefined
        ? `Nothing was changed. ${isLive ? "Trying again takes the cluster anew; or choose a stored snapshot as B." : "Choose another snapshot above, or try again."}`
        : `${broken.toUpperCase()} is not verified: its hashes no longer match, so what it says can't be relied on. Choose another snapshot above.`}
    </ErrorPanel>
  );
}
