"use client";

import { Button } from "@mantine/core";
import { IconCheck, IconColumns3 } from "@tabler/icons-react";
import { useId, useRef } from "react";
import popup from "#app/_ui/popup.module.css";
import { Popup } from "#app/_ui/popup.tsx";
import { type Column, type ColumnChoices, columns, isChosen } from "./columns.ts";
import classes from "./filters.module.css";

type Props = { choices: ColumnChoices; onChoices: (choices: ColumnChoices) => void };

/** Which columns are shown. It stays open, because one rarely changes only one. */
export function ColumnsMenu({ choices, onChoices }: Props) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const hideable = columns.filter((column: Column) => column.fixed !== true);
  return (
    <>
      <Button
        ref={anchor}
        className={`from-768 ${classes.columns}`}
        size="xs"
        leftSection={<IconColumns3 size={14} aria-hidden />}
        aria-haspopup="menu"
        popoverTarget={id}
      >
        <span className={classes.columnsLabel}>Columns</span>
      </Button>
      <Popup id={id} anchor={anchor} role="menu" label="Columns" place="bottom-end" width={200}>
        {(close) => (
          <>
            {hideable.map((column) => (
              <ColumnItem
                key={column.key}
                label={column.label}
                shown={isChosen(column, choices)}
                onChange={(shown) => onChoices({ ...choices, [column.key]: shown })}
              />
            ))}
            <hr className={popup.rule} />
            <button
              type="button"
              role="menuitem"
              className={popup.item}
              data-popup-item
              onClick={() => {
                onChoices({});
                close();
              }}
            >
              Show the usual ones
            </button>
          </>
        )}
      </Popup>
    </>
  );
}

type ItemProps = { label: string; shown: boolean; onChange: (shown: boolean) => void };

function ColumnItem({ label, shown, onChange }: ItemProps) {
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      aria-checked={shown}
      className={`${popup.item} ${classes.columnItem}`}
      data-popup-item
      onClick={() => onChange(!shown)}
    >
      {label}
      {shown && <IconCheck size={14} className={popup.end} aria-hidden />}
    </button>
  );
}
