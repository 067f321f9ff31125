"use client";

import { UnstyledButton } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import classes from "./restores.module.css";

const TokenFields = lazy(() =>
  import("./token-fields.tsx").then((module) => ({ default: module.TokenFields })),
);

export type Tokens = { token: string; tokenAfter: string };
type Props = Tokens & { onChange: (tokens: Tokens) => void };

/** Tokens for this one act. Folded away, because the cluster's own token is the usual one. */
export function OwnTokens(props: Props) {
  const [opened, setOpened] = useState(false);
  if (!opened) {
    return (
      <UnstyledButton className={classes.unfold} onClick={() => setOpened(true)}>
        <IconKey size={14} aria-hidden />
        Use other tokens for this restore
      </UnstyledButton>
    );
  }
  return (
    <Suspense fallback={<div className={classes.tokenSpace} />}>
      <TokenFields {...props} />
    </Suspense>
  );
}
