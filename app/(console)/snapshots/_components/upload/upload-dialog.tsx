"use client";

import { Button, FileButton, Modal, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { snapshotKeys } from "#app/_client/keys.ts";
import { useCan } from "#app/_client/use-viewer.ts";
import { formatBytes, formatCount } from "#app/_ui/format.ts";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { everywhere } from "#core/kernel/permission.ts";
import { startUploads } from "../../_lib/upload-runner.ts";
import { addFiles, closeUpload, isMoving, type UploadItem, useUploads } from "../../_lib/upload-store.ts";
import { noteCharsMax } from "../../_lib/vocabulary.ts";
import { type DatacenterChoice, DatacenterSelect } from "../datacenter-select.tsx";
import { Optional } from "../optional.tsx";
import classes from "./upload.module.css";
import { UploadRow } from "./upload-row.tsx";

/** Archives from elsewhere: `consul snapshot save`, another Snapkeep, a backup. */
export function UploadDialog() {
  const { opened, items } = useUploads();
  const client = useQueryClient();
  const [from, setFrom] = useState<DatacenterChoice | null>(null);
  const [note, setNote] = useState("");
  const refusal = useRefusal(from);
  const chosen = items.filter((item) => item.phase === "chosen" && item.file.size > 0);
  const moving = items.some(isMoving);
  const finished = items.length > 0 && chosen.length === 0 && !moving;
  const choosing = !moving && !finished;

  function start() {
    const facts = { clusterId: from?.clusterId ?? null, datacenter: from?.datacenter ?? null, note };
    startUploads(facts, () => void client.invalidateQueries({ queryKey: snapshotKeys.all }));
  }

  return (
    <Modal opened={opened} onClose={closeUpload} title="Upload archives">
      <div className="stack" style={{ gap: 16 }}>
        {choosing && <Target hasFiles={items.length > 0} />}
        {items.length > 0 && (
          <ul className={classes.list} aria-label="Files">
            {items.map((item) => (
              <UploadRow key={item.key} item={item} />
            ))}
          </ul>
        )}
        {choosing && <FactFields from={from} onFrom={setFrom} note={note} onNote={setNote} />}
        <p className="sr-only" role="status" aria-live="polite">
          {progressWords(items)}
        </p>
      </div>
      <ModalFooter hint={choosing && refusal !== null ? refusal : hintWords(items, moving, finished)}>
        <Button onClick={closeUpload}>{moving ? "Run in background" : finished ? "Done" : "Cancel"}</Button>
        {choosing && <UploadButton count={chosen.length} refused={refusal !== null} onClick={start} />}
      </ModalFooter>
    </Modal>
  );
}

/** Why nothing can be uploaded from there; an archive from nowhere known belongs to all clusters. */
function useRefusal(from: DatacenterChoice | null): string | null {
  const can = useCan("snapshot.upload", from ?? everywhere);
  const somewhere = useCan("snapshot.upload").allowed;
  if (can.allowed) return null;
  if (from === null && somewhere) {
    return "Say where it was taken from: an archive of no known datacenter takes a role for all clusters.";
  }
  return `${can.reason}.`;
}

type ButtonProps = { count: number; refused: boolean; onClick: () => void };

function UploadButton({ count, refused, onClick }: ButtonProps) {
  return (
    <Button
      variant="primary"
      leftSection={<IconUpload aria-hidden />}
      disabled={count === 0 || refused}
      onClick={onClick}
    >
      {count > 1 ? `Upload ${count} archives` : "Upload"}
    </Button>
  );
}

type FactsProps = {
  from: DatacenterChoice | null;
  onFrom: (from: DatacenterChoice | null) => void;
  note: string;
  onNote: (note: string) => void;
};

function FactFields({ from, onFrom, note, onNote }: FactsProps) {
  return (
    <>
      <DatacenterSelect
        label="Taken from"
        optional
        value={from}
        onChange={onFrom}
        description="An archive does not say which datacenter it is from. Without one it is kept as unknown."
      />
      <TextInput
        label={
          <>
            Note
            <Optional />
          </>
        }
        value={note}
        maxLength={noteCharsMax}
        onChange={(event) => onNote(event.currentTarget.value)}
      />
    </>
  );
}

/** Files may be dropped anywhere on the page; this is the place that says so. */
function Target({ hasFiles }: { hasFiles: boolean }) {
  return (
    <div className={classes.target} data-small={hasFiles || undefined}>
      {!hasFiles && <IconUpload size={20} aria-hidden className="t3" />}
      <span className="t2">{hasFiles ? "Drop more here, or" : "Drop snapshot archives here, or"}</span>
      <FileButton multiple onChange={addFiles} inputProps={{ "aria-label": "Archives" }}>
        {(props) => (
          <Button {...props} size="xs">
            Choose files
          </Button>
        )}
      </FileButton>
    </div>
  );
}

function hintWords(items: readonly UploadItem[], moving: boolean, finished: boolean): string {
  if (moving) return "Closing this window keeps the upload running. Leaving the site ends it.";
  if (finished) {
    const stored = items.filter((item) => item.phase === "stored").length;
    return stored === items.length
      ? `${formatCount(stored, "archive")} stored`
      : `${stored} of ${items.length} stored`;
  }
  if (items.length === 0) return "Nothing is stored until the hashes match.";
  const bytes = items.reduce((sum, item) => sum + item.file.size, 0);
  return `${formatCount(items.length, "file")}, ${formatBytes(bytes)}`;
}

/** Quarters only, as a screen reader should not be told every percent. */
function progressWords(items: readonly UploadItem[]): string {
  const item = items.find(isMoving);
  if (!item) return "";
  if (item.phase === "checking") return `${item.file.name}: verifying hashes`;
  const quarter = Math.floor((item.sentBytes / Math.max(1, item.file.size)) * 4) * 25;
  return `${item.file.name}: ${quarter} percent sent`;
}
