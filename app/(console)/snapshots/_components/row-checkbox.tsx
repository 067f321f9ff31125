"use client";

import type { MouseEvent } from "react";
import classes from "./row-checkbox.module.css";

type Props = {
  label: string;
  checked: boolean;
  some?: boolean;
  onToggle: (event: MouseEvent<HTMLInputElement>) => void;
};

/** A plain checkbox in the design's looks. A table has fifty of them, and Mantine's costs four elements each. */
export function RowCheckbox({ label, checked, some = false, onToggle }: Props) {
  return (
    <input
      type="checkbox"
      className={classes.box}
      checked={checked}
      aria-label={label}
      ref={(element) => {
        if (element) element.indeterminate = some;
      }}
      // The click carries the shift key, which a change does not.
      onClick={onToggle}
      onChange={() => undefined}
    />
  );
}
