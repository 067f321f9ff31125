"use client";

import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { copyText } from "#app/_ui/copy-button.tsx";
import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { logText } from "../_lib/log-words.ts";
import classes from "./restores.module.css";

type Props = { row: Pick<RestoreDetail, "log" | "logTotal"> };

/** Line by line what was done and answered, for whoever has to explain it later. */
export function LogPanel({ row }: Props) {
  if (row.log.length === 0) return null;
  const all = formatCount(row.logTotal, "line");
  return (
    <Panel>
      <PanelHeader
        title="Log"
        sub={row.log.length < row.logTotal ? `last ${formatNumber(row.log.length)} of ${all}` : all}
        actions={<CopyAll text={logText(row.log)} />}
      />
      <section
        className={classes.log}
        aria-label="Log lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard
        tabIndex={0}
      >
        <pre>{logText(row.log)}</pre>
      </section>
    </Panel>
  );
}

function CopyAll({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const back = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(back);
  }, [copied]);
  return (
    <Button
      size="xs"
      variant="ghost"
      leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      onClick={() => void copyText(text).then(setCopied)}
    >
      Copy all
      <span className="sr-only" role="status">
        {copied ? "Copied" : ""}
      </span>
    </Button>
  );
}
