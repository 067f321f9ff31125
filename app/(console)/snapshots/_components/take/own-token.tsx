"use client";

import { PasswordInput, UnstyledButton } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./take.module.css";

type Props = { value: string; onChange: (value: string) => void; purpose: string };

/** A token for one act. Folded away, because the cluster's own token is the usual one. */
export function OwnToken({ value, onChange, purpose }: Props) {
  const [opened, setOpened] = useState(false);
  if (!opened) {
    return (
      <UnstyledButton className={classes.unfold} onClick={() => setOpened(true)}>
        <IconKey size={14} aria-hidden />
        Use another token for {purpose}
      </UnstyledButton>
    );
  }
  return (
    <PasswordInput
      label={`Token for ${purpose}`}
      description="Sent to Consul once as X-Consul-Token. Snapkeep does not keep or log it."
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoFocus
    />
  );
}
