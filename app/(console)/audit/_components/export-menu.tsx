"use client";

import { Button } from "@mantine/core";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useRef } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { ApiError } from "#app/_client/api.ts";
import { auditKeys } from "#app/_client/keys.ts";
import popup from "#app/_ui/popup.module.css";
import { Popup } from "#app/_ui/popup.tsx";
import { toast } from "#app/_ui/toast.ts";
import type { ExportFormat } from "#core/audit/contract.ts";
import { exportEntries } from "../actions.ts";
import type { AuditUrl } from "./use-audit-url.ts";

const formats: readonly { format: ExportFormat; label: string; hint: string }[] = [
  { format: "csv", label: "CSV", hint: "for a spreadsheet" },
  { format: "jsonl", label: "JSON Lines", hint: "one entry a line" },
];

/** All rows of the filter, in a file. */
export function ExportMenu({ url }: { url: AuditUrl }) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const download = useExport(url);
  return (
    <>
      <Button
        ref={anchor}
        leftSection={<IconDownload size={16} aria-hidden />}
        rightSection={<IconChevronDown size={16} aria-hidden />}
        loading={download.isPending}
        aria-haspopup="menu"
        popoverTarget={id}
      >
        Export
      </Button>
      <Popup id={id} anchor={anchor} place="bottom-end" role="menu" label="Export" width={240}>
        {(close) => (
          <>
            {formats.map(({ format, label, hint }) => (
              <button
                key={format}
                type="button"
                role="menuitem"
                className={popup.item}
                data-popup-item
                onClick={() => {
                  close();
                  download.mutate(format);
                }}
              >
                {label}
                <span className={popup.hint}>{hint}</span>
              </button>
            ))}
            <p className={popup.note}>
              {url.filtered
                ? "Every entry that the filter matches, on all pages."
                : "Every entry in the log."}
            </p>
          </>
        )}
      </Popup>
    </>
  );
}

/** Fetches a ticket, then lets the browser download by itself: its own progress, its own place on the disk. */
function useExport(url: AuditUrl) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (format: ExportFormat) => unwrapped(exportEntries({ ...url.exportInput(), format })),
    onSuccess: (ticket) => {
      const link = document.createElement("a");
      link.href = ticket.url;
      link.download = "";
      link.click();
      void client.invalidateQueries({ queryKey: [...auditKeys.all, "list"] });
    },
    onError: (error) => {
      const id = error instanceof ApiError && error.requestId !== "" ? ` (${error.requestId})` : "";
      void toast({ tone: "bad", title: "The export did not start", message: `${error.message}${id}` });
    },
  });
}
