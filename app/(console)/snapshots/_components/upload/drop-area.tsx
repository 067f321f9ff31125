"use client";

import { IconUpload } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { useReturnFocus } from "#app/_ui/use-return-focus.ts";
import { addFiles, useUploads } from "../../_lib/upload-store.ts";
import classes from "./upload.module.css";

const UploadDialog = lazy(() =>
  import("./upload-dialog.tsx").then((module) => ({ default: module.UploadDialog })),
);

/** The page as a target for files, and the dialog that takes them. */
export function DropArea() {
  const { opened } = useUploads();
  const [wanted, setWanted] = useState(false);
  const can = useCan("snapshot.upload");
  const over = useFileDrop(can.allowed);
  useReturnFocus(opened);
  if (opened && !wanted) setWanted(true);
  return (
    <>
      {over && (
        <div className={classes.over} aria-hidden>
          <span>
            <IconUpload size={20} />
            Drop archives to upload them
          </span>
        </div>
      )}
      {wanted && (
        <Suspense>
          <UploadDialog />
        </Suspense>
      )}
    </>
  );
}

/** Whether files are held over the window. A browser would otherwise leave the page to open what is dropped. */
function useFileDrop(allowed: boolean): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Enter and leave come for every element on the way, so the depth says when the window itself was left.
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const settle = (next: number) => {
      depth = Math.max(0, next);
      setOver(depth > 0 && allowed);
    };
    const onEnter = (event: DragEvent) => hasFiles(event) && settle(depth + 1);
    const onLeave = (event: DragEvent) => hasFiles(event) && settle(depth - 1);
    const onOver = (event: DragEvent) => hasFiles(event) && event.preventDefault();
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      settle(0);
      if (allowed) addFiles([...(event.dataTransfer?.files ?? [])]);
    };
    const pairs = [
      ["dragenter", onEnter],
      ["dragleave", onLeave],
      ["dragover", onOver],
      ["drop", onDrop],
    ] as const;
    for (const [name, handler] of pairs) window.addEventListener(name, handler as EventListener);
    return () => {
      for (const [name, handler] of pairs) window.removeEventListener(name, handler as EventListener);
    };
  }, [allowed]);
  return over;
}
