"use client";

import { IconCamera, IconUpload } from "@tabler/icons-react";
import { formatBytes, formatNumber } from "#app/_ui/format.ts";
import { PageHead } from "#app/_ui/page-head.tsx";
import type { SnapshotPage } from "#core/snapshots/contract.ts";
import { openTake } from "../../_lib/take-store.ts";
import { openUpload } from "../../_lib/upload-store.ts";
import { GuardedButton } from "../guarded-button.tsx";
import classes from "./history-head.module.css";

type Props = {
  page: SnapshotPage | undefined;
  wide: boolean;
  /** An empty history has its one primary button in the middle of the page. */
  quietTake: boolean;
};

/** On a phone the top bar already says where one is, and Take snapshot stands at the thumb. */
export function HistoryHead({ page, wide, quietTake }: Props) {
  if (!wide) return <h1 className="sr-only">Snapshots</h1>;
  return (
    <PageHead
      title="Snapshots"
      sub={page === undefined ? undefined : storedWords(page)}
      actions={
        <>
          <GuardedButton
            permission="snapshot.upload"
            leftSection={<IconUpload aria-hidden />}
            onClick={openUpload}
          >
            Upload
          </GuardedButton>
          <TakeButton primary={!quietTake} />
        </>
      }
    />
  );
}

/** The phone's Take snapshot, right above the tabs. */
export function TakeBar() {
  return (
    <div className={classes.bar}>
      <TakeButton primary />
    </div>
  );
}

function TakeButton({ primary }: { primary: boolean }) {
  return (
    <GuardedButton
      permission="snapshot.take"
      variant={primary ? "primary" : "default"}
      leftSection={<IconCamera aria-hidden />}
      onClick={() => openTake()}
    >
      Take snapshot
    </GuardedButton>
  );
}

const wholeGigabytesFrom = 10e9;

function storedWords(page: SnapshotPage): string {
  if (page.storedCount === 0) return "none yet";
  const digits = page.storedBytes < wholeGigabytesFrom ? 1 : 0;
  return `${formatNumber(page.storedCount)} stored, ${formatBytes(page.storedBytes, { digits })}`;
}
