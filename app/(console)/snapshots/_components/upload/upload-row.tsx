"use client";

import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import Link from "next/link";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { formatBytes, formatRate } from "#app/_ui/format.ts";
import { ProgressBar } from "#app/_ui/phases.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { leftWords } from "../../_lib/snapshot-words.ts";
import { dropUpload } from "../../_lib/upload-runner.ts";
import { closeUpload, type UploadItem } from "../../_lib/upload-store.ts";
import classes from "./upload.module.css";

/** One file: what it is, how far it is, and what became of it. */
export function UploadRow({ item }: { item: UploadItem }) {
  const { file } = item;
  return (
    <li className={classes.item}>
      <div className="row between">
        <span className="med trunc" title={file.name}>
          {file.name}
        </span>
        <span className="row nowrap">
          <Right item={item} />
        </span>
      </div>
      <Below item={item} />
    </li>
  );
}

function Right({ item }: { item: UploadItem }) {
  switch (item.phase) {
    case "chosen":
      return <Chosen item={item} />;
    case "queued":
    case "asking":
    case "sending":
    case "checking":
      return (
        <>
          <Moving item={item} />
          <Stop item={item} />
        </>
      );
    case "stored":
      return <Stored id={item.id} />;
    case "refused":
      return <StateText state="failed" small />;
    case "cancelled":
      return <StateText state="cancelled" small />;
    default:
      return item.phase satisfies never;
  }
}

function Chosen({ item }: { item: UploadItem }) {
  return (
    <>
      <span className="t3 tn fs12">{formatBytes(item.file.size)}</span>
      <ActionIcon
        size="xs"
        aria-label={`Take ${item.file.name} off the list`}
        onClick={() => dropUpload(item.key)}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </>
  );
}

function Moving({ item }: { item: UploadItem }) {
  if (item.phase === "queued") return <span className="t3 fs12">waiting</span>;
  if (item.phase === "checking") return <StateText state="running" word="Verifying hashes" small />;
  return (
    <span className="t3 tn fs12">
      {formatBytes(item.sentBytes)} of {formatBytes(item.file.size)}
    </span>
  );
}

function Stored({ id }: { id: string | null }) {
  return (
    <>
      <StateText state="verified" small />
      {id !== null && (
        <Link className="link fs12" href={`/snapshots/${id}`} onClick={closeUpload}>
          Open
        </Link>
      )}
    </>
  );
}

function Stop({ item }: { item: UploadItem }) {
  return (
    <Button
      size="xs"
      variant="ghost"
      aria-label={`Cancel ${item.file.name}`}
      onClick={() => dropUpload(item.key)}
    >
      Cancel
    </Button>
  );
}

function Below({ item }: { item: UploadItem }) {
  if (item.message !== null) {
    return (
      <div className={classes.reason} role="alert">
        <span>
          {item.message} {item.phase === "refused" && "Nothing was stored."}
          {item.requestId !== null && <span className="mono t3"> {item.requestId}</span>}
        </span>
        {item.phase === "refused" && (
          <CopyButton text={[item.message, item.requestId].filter(Boolean).join(" ")} label="Copy reason" />
        )}
      </div>
    );
  }
  if (item.phase !== "sending" && item.phase !== "asking" && item.phase !== "checking") return null;
  const sending = item.phase === "sending";
  const left = leftWords({
    bytesDone: item.sentBytes,
    bytesExpected: item.file.size,
    bytesPerSecond: item.bytesPerSecond,
  });
  return (
    <>
      <ProgressBar
        percent={item.phase === "checking" ? null : (item.sentBytes / item.file.size) * 100}
        label={`Upload of ${item.file.name}`}
      />
      <div className="t3 fs12 tn">
        {sending && item.bytesPerSecond !== null
          ? [formatRate(item.bytesPerSecond), left].filter(Boolean).join(", ")
          : ""}
        {item.phase === "checking" &&
          "All bytes are there. Snapkeep reads the archive and compares its hashes."}
        &nbsp;
      </div>
    </>
  );
}
