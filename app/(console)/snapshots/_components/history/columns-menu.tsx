"use client";

import { Button, Menu } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { type Column, type ColumnChoices, columns, isChosen } from "./columns.ts";
import classes from "./filters.module.css";

type Props = { choices: ColumnChoices; onChoices: (choices: ColumnChoices) => void };

/** Which columns are shown. It stays open, because one rarely changes only one. */
export function ColumnsMenu({ choices, onChoices }: Props) {
  const hideable = columns.filter((column: Column) => column.fixed !== true);
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <Button
          className={`from-768 ${classes.columns}`}
          size="xs"
          leftSection={<IconColumns3 size={14} aria-hidden />}
        >
          <span className={classes.columnsLabel}>Columns</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {hideable.map((column) => (
          <Menu.CheckboxItem
            key={column.key}
            checked={isChosen(column, choices)}
            onChange={(checked) => onChoices({ ...choices, [column.key]: checked })}
          >
            {column.label}
          </Menu.CheckboxItem>
        ))}
        <Menu.Divider role="separator" />
        <Menu.Item onClick={() => onChoices({})}>Show the usual ones</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
