import { Fragment, type ReactNode, Suspense } from "react";
import type { Dialog } from "./use-dialog.ts";

type Props<T> = {
  dialog: Dialog<T>;
  children: (common: { opened: boolean; onClose: () => void }, what: T) => ReactNode;
};

/**
 * Where a dialog stands that loads when it is opened. Each opening mounts it anew, so that no draft and no secret
 * survives a closed one.
 */
export function DialogSlot<T>({ dialog: { shown, close }, children }: Props<T>) {
  return (
    <Suspense>
      {shown !== null && (
        <Fragment key={shown.times}>
          {children({ opened: shown.opened, onClose: close }, shown.what)}
        </Fragment>
      )}
    </Suspense>
  );
}
