"use client";
import { ActionIcon } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";

type Props = {
  text: string;
  /** What is copied, for the accessible name: "Copy request id". */
  label: string;
  size?: "xs" | "sm";
};

/** Copies `text` and says so for two seconds, to the eye and to a screen reader. */
export function CopyButton({ text, label, size = "xs" }: Props) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const back = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(back);
  }, [copied]);
  return (
    <ActionIcon
      variant="ghost"
      size={size}
      aria-label={label}
      title={label}
      onClick={() => void copyText(text).then(setCopied)}
    >
      {copied ? <IconCheck size={14} className="c-good" aria-hidden /> : <IconCopy size={14} aria-hidden />}
      <span className="sr-only" role="status">
        {copied ? "Copied" : ""}
      </span>
    </ActionIcon>
  );
}

/** The clipboard API exists only over HTTPS and on localhost; a console on a plain LAN address has the old way. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => copyBySelection(text),
    );
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const holder = document.createElement("textarea");
  holder.value = text;
  holder.style.position = "fixed";
  holder.style.opacity = "0";
  // Inside an open dialog, because its focus trap would take the focus back from anywhere else.
  (document.activeElement?.closest('[role="dialog"]') ?? document.body).append(holder);
  holder.select();
  const done = document.execCommand("copy");
  holder.remove();
  return done;
}
