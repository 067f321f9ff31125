"use client";

import { PasswordInput } from "@mantine/core";
import type { Tokens } from "./own-tokens.tsx";

type Props = Tokens & { onChange: (tokens: Tokens) => void };

export function TokenFields({ token, tokenAfter, onChange }: Props) {
  return (
    <div className="stack" style={{ gap: 12 }}>
      <PasswordInput
        label="Token for this restore"
        description="Used instead of the cluster's, never stored. Run the preflight again to check it."
        autoComplete="off"
        value={token}
        visibilityToggleButtonProps={{ "aria-label": "Show token for this restore", tabIndex: 0 }}
        onChange={(event) => onChange({ token: event.currentTarget.value, tokenAfter })}
        // It appears because somebody just asked for it.
        autoFocus
      />
      <PasswordInput
        label="Token after the restore"
        description="One that is in the snapshot, for the check afterwards. Never stored. Without it: the cluster's own."
        autoComplete="off"
        value={tokenAfter}
        visibilityToggleButtonProps={{ "aria-label": "Show token after the restore", tabIndex: 0 }}
        onChange={(event) => onChange({ token, tokenAfter: event.currentTarget.value })}
      />
    </div>
  );
}
