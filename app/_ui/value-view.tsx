"use client";
import { ActionIcon } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from "react";
import { CopyButton } from "./copy-button.tsx";
import { formatBytes } from "./format.ts";
import css from "./value-view.module.css";
import { HexLines, TextLines } from "./value-view-lines.tsx";
import { fromBase64, prettyJson, toText, type ValueForm } from "./value-view-text.ts";

type Props = {
  base64: string;
  form: ValueForm;
  /** Only the beginning came; `totalBytes` is the length of the whole. */
  isCut: boolean;
  totalBytes: number;
  /** What a download is called. */
  fileName: string;
  /** Stands between the tabs and the buttons. */
  children?: ReactNode;
  /** Stands after the buttons. */
  actions?: ReactNode;
};

const tabWords = { json: "JSON", text: "Text", hex: "Hex" } as const;
type Tab = keyof typeof tabWords;

/** A value as JSON, as text and as hex, to copy and to download. For every value that a page may see. */
export function ValueView({ base64, form, isCut, totalBytes, fileName, children, actions }: Props) {
  const id = useId();
  const bytes = useMemo(() => fromBase64(base64), [base64]);
  // A cut JSON document is none, so it is shown as the text that it is.
  const tabs: Tab[] = form === "json" && !isCut ? ["json", "text", "hex"] : ["text", "hex"];
  const [chosen, setChosen] = useState<Tab | null>(null);
  const tab =
    chosen !== null && tabs.includes(chosen) ? chosen : form === "binary" ? "hex" : (tabs[0] ?? "text");
  const text = useMemo(() => toText(bytes), [bytes]);
  const shown = useMemo(() => (tab === "json" ? prettyJson(text) : text), [tab, text]);
  return (
    <>
      <div className={css.bar}>
        <Tabs id={id} tabs={tabs} tab={tab} onTab={setChosen} />
        {children}
        <span className="grow" />
        <CopyButton
          text={form === "binary" ? base64 : shown}
          label={form === "binary" ? "Copy value as base64" : "Copy value"}
        />
        <ActionIcon
          variant="ghost"
          size="xs"
          aria-label={isCut ? `Download the first ${formatBytes(bytes.length)}` : "Download value"}
          title={isCut ? `Download the first ${formatBytes(bytes.length)}` : "Download value"}
          onClick={() => download(bytes, fileName)}
        >
          <IconDownload size={14} aria-hidden />
        </ActionIcon>
        {actions}
      </div>
      {isCut && (
        <p className={css.cut}>
          First {formatBytes(bytes.length)} of {formatBytes(totalBytes)} shown.
        </p>
      )}
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} className={css.body}>
        {tab === "hex" ? <HexLines bytes={bytes} /> : <TextLines key={tab} text={shown} />}
      </div>
    </>
  );
}

type TabsProps = { id: string; tabs: readonly Tab[]; tab: Tab; onTab: (tab: Tab) => void };

function Tabs({ id, tabs, tab, onTab }: TabsProps) {
  function onKeyDown(event: KeyboardEvent<HTMLButtonElement>) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onTab(next);
    document.getElementById(`${id}-${next}`)?.focus();
  }
  return (
    <div role="tablist" aria-label="Show as" className={css.tabs}>
      {tabs.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`${id}-${one}`}
          aria-selected={one === tab}
          aria-controls={`${id}-panel`}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onTab(one)}
          onKeyDown={onKeyDown}
        >
          {tabWords[one]}
        </button>
      ))}
    </div>
  );
}

/** Bytes that the page already has need no second trip. Never opened by the browser: it only saves them. */
function download(bytes: Uint8Array<ArrayBuffer>, fileName: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
