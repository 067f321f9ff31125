"use client";

import { Button } from "@mantine/core";
import { type Icon, IconCheck, IconCopy, IconLink } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { copyText } from "#app/_ui/copy-button.tsx";
import type { AuditEntryDetail } from "#core/audit/contract.ts";
import { noFilters } from "../../_lib/filters.ts";
import type { AuditUrl } from "../use-audit-url.ts";
import css from "./entry-drawer.module.css";

type Props = { detail: AuditEntryDetail; onFilter: AuditUrl["change"] };

export function DrawerFooter({ detail, onFilter }: Props) {
  return (
    <footer className={css.footer}>
      <CopyAction label="Copy link" icon={IconLink} text={() => linkTo(detail.entry)} />
      <CopyAction label="Copy JSON" icon={IconCopy} text={() => JSON.stringify(asWritten(detail), null, 2)} />
      <span className="grow" />
      <Button
        variant="ghost"
        onClick={() => onFilter({ ...noFilters, actor: detail.actorName, entry: null })}
      >
        <span className={css.by}>Entries by {detail.actorName}</span>
      </Button>
    </footer>
  );
}

const linkTo = (entry: number): string => `${window.location.origin}/audit?entry=${entry}`;

/** The row itself, and the hash that it hangs on; not its neighbours, which are rows of their own. */
function asWritten({ correlated: _rows, neighbours: _beside, nextHash: _next, ...row }: AuditEntryDetail) {
  return row;
}

type CopyProps = { label: string; icon: Icon; text: () => string };

/** Says for two seconds that it copied, to the eye and to a screen reader. */
function CopyAction({ label, icon: Picture, text }: CopyProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const back = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(back);
  }, [copied]);
  return (
    <Button
      leftSection={
        copied ? <IconCheck size={16} className="c-good" aria-hidden /> : <Picture size={16} aria-hidden />
      }
      onClick={() => void copyText(text()).then(setCopied)}
    >
      {label}
      <span className="sr-only" role="status">
        {copied ? "Copied" : ""}
      </span>
    </Button>
  );
}
