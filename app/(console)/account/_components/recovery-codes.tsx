"use client";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { Note } from "#app/_ui/note.tsx";
import { recoveryText } from "../_lib/recovery-text.ts";
import css from "./account.module.css";

type Props = { codes: readonly string[]; name: string; onClose: () => void };

/** Shown once, to be kept somewhere else than the app. */
export function RecoveryCodes({ codes, name, onClose }: Props) {
  const text = () => recoveryText(codes, name, window.location.host);
  return (
    <div>
      <div className="stack" style={{ gap: 12 }}>
        <ul className={css.codes} aria-label="Recovery codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div className="row">
          <Button
            size="xs"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => save(text(), `snapkeep-recovery-codes-${name}.txt`)}
          >
            Download
          </Button>
          <CopyButton text={codes.join("\n")} label="Copy recovery codes" />
        </div>
        <Note tone="warn" title="Shown once.">
          Each works once in place of the app's code. Keep them where the app is not.
        </Note>
      </div>
      <ModalFooter>
        <Button variant="primary" onClick={onClose}>
          I have kept them
        </Button>
      </ModalFooter>
    </div>
  );
}

/** The codes are in the page already, so they need no second trip. */
function save(text: string, fileName: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
