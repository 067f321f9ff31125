"use client";

import { IconArrowBackUp } from "@tabler/icons-react";
import { type Chosen, choose, selectionsMax, useChosen } from "../../_lib/recover-store.ts";
import { useSnapshotPlace } from "../../_lib/use-snapshot-place.ts";
import { GuardedButton } from "../guarded-button.tsx";

type Props = {
  id: string;
  chosen: Chosen | null;
  /** Why it can't be chosen. */
  reason?: string | null;
  /** What is chosen, for whoever hears the button alone. */
  label: string;
};

/** Puts one thing on the tray of what comes back. */
export function RecoverButton({ id, chosen, reason = null, label }: Props) {
  const all = useChosen(id);
  const place = useSnapshotPlace(id);
  const isOn = chosen !== null && all.some((one) => one.id === chosen.id);
  const isFull = all.length >= selectionsMax ? `At most ${selectionsMax} at once` : null;
  return (
    <GuardedButton
      permission="restore.run"
      {...(place === undefined ? {} : { places: [place] })}
      reason={isOn ? "Chosen already" : (reason ?? isFull)}
      size="xs"
      leftSection={<IconArrowBackUp size={14} aria-hidden />}
      aria-label={`Recover ${label}…`}
      onClick={() => chosen !== null && choose(id, chosen)}
    >
      Recover…
    </GuardedButton>
  );
}
