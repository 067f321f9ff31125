"use client";

import { Button, type ButtonProps } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { useCanAll } from "#app/_client/use-can-all.ts";
import type { Permission } from "#app/_client/use-viewer.ts";
import { Tip } from "#app/_ui/tip.tsx";
import type { Place } from "#core/kernel/permission.ts";

type Props = ButtonProps & {
  permission: Permission;
  /** Where it would be done: each has to allow it. A row that has a cluster and a datacenter is a place. */
  places?: readonly Place[];
  /** Why it can't be done, whoever asks; null when it can. */
  reason?: string | null;
  children: ReactNode;
} & ({ onClick: () => void; href?: undefined } | { href: string; onClick?: undefined });

/**
 * A button that, when off, can still be reached and says why: a truly disabled one is skipped by the Tab key
 * and shows no tooltip.
 */
export function GuardedButton({
  permission,
  places,
  reason = null,
  children,
  onClick,
  href,
  ...rest
}: Props) {
  const verdict = useCanAll(permission, places);
  const why = verdict.allowed ? reason : verdict.reason;
  if (why !== null) {
    return (
      <Tip text={why}>
        <Button
          {...rest}
          data-disabled
          aria-disabled
          aria-description={why}
          onClick={(event) => event.preventDefault()}
        >
          {children}
        </Button>
      </Tip>
    );
  }
  if (href !== undefined) {
    return (
      <Button {...rest} component={Link} href={href}>
        {children}
      </Button>
    );
  }
  return (
    <Button {...rest} onClick={onClick}>
      {children}
    </Button>
  );
}
