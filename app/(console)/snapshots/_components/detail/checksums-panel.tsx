"use client";

import { IconCheck } from "@tabler/icons-react";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import table from "#app/_ui/data-table.module.css";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import classes from "./detail.module.css";

/** The SHA-256 of both members and of the whole file, to compare with a copy elsewhere. */
export function ChecksumsPanel({ row }: { row: SnapshotDetail }) {
  const files = [
    { name: "meta.json", digest: row.metaSha256, inList: true },
    { name: "state.bin", digest: row.stateSha256, inList: true },
    { name: "archive", digest: row.archiveSha256, inList: false },
  ].flatMap((file) => (file.digest === null ? [] : [{ ...file, digest: file.digest }]));
  if (files.length === 0) return null;
  return (
    <Panel>
      <PanelHeader
        title="Checksums"
        sub="SHA-256"
        actions={
          row.verifiedAt !== null && (
            <StateText
              small
              state={row.state === "corrupt" ? "corrupt" : "verified"}
              word={
                <>
                  verified <Utc at={row.verifiedAt} as="short" />
                </>
              }
            />
          )
        }
      />
      <table className={`${table.table} ${table.compact}`} aria-label="Checksums">
        <thead>
          <tr>
            <th>File</th>
            <th>Digest</th>
            <th className={table.num}>Match</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <FileRow key={file.name} file={file} corrupt={row.state === "corrupt"} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

type FileProps = { file: { name: string; digest: string; inList: boolean }; corrupt: boolean };

function FileRow({ file, corrupt }: FileProps) {
  return (
    <tr>
      <td className="mono">{file.name}</td>
      <td>
        <span className={classes.digest}>
          <code className="t2" title={file.digest}>
            {grouped(file.digest)}
          </code>
          <CopyButton text={file.digest} label={`Copy digest of ${file.name}`} />
        </span>
      </td>
      <td className={table.num}>
        <Match inList={file.inList} corrupt={corrupt} />
      </td>
    </tr>
  );
}

/** SHA256SUMS lists the two members; the file around them has nothing to be compared with but itself. */
function Match({ inList, corrupt }: { inList: boolean; corrupt: boolean }) {
  if (!inList) return <span className="t3">recorded</span>;
  if (corrupt) return <StateText state="corrupt" />;
  return (
    <span className={classes.match}>
      <IconCheck size={14} aria-hidden className="c-good" />
      yes
    </span>
  );
}

/** `4be1 90c7 … 21fa` */
function grouped(digest: string): string {
  return `${digest.slice(0, 4)} ${digest.slice(4, 8)} … ${digest.slice(-4)}`;
}
