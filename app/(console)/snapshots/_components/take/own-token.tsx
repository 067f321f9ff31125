"use client";

import { UnstyledButton } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import classes from "./take.module.css";

const TokenField = lazy(() => import("./token-field.tsx").then((module) => ({ default: module.TokenField })));

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
    <Suspense fallback={<div className={classes.tokenSpace} />}>
      <TokenField value={value} onChange={onChange} purpose={purpose} />
    </Suspense>
  );
}
