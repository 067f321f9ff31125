"use client";
import { SegmentedControl } from "@mantine/core";
import { Fragment, useState } from "react";
import css from "./cli-strip.module.css";
import { CopyButton } from "./copy-button.tsx";

/** One command in the strip; flags are coloured, the prompt is not copied. */
export function CliStrip({ command, label = "Copy command" }: { command: string; label?: string }) {
  return (
    <div className={css.strip}>
      <pre>
        <span className={css.prompt} aria-hidden>
          ${" "}
        </span>
        {coloured(command)}
      </pre>
      <CopyButton text={command} label={label} />
    </div>
  );
}

export type CliCommand = { name: string; command: string };

type Props = { label?: string; commands: readonly CliCommand[] };

/** The same act as `snapkeep`, `consul` and `curl`. Give only the commands that really work. */
export function CliTabs({ label = "Same thing from a shell", commands }: Props) {
  const [name, setName] = useState(commands[0]?.name ?? "");
  const shown = commands.find((candidate) => candidate.name === name) ?? commands[0];
  if (shown === undefined) return null;
  return (
    <div>
      <div className={css.head}>
        <span className={css.label}>{label}</span>
        {commands.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={label}
            value={shown.name}
            onChange={setName}
            data={commands.map((candidate) => candidate.name)}
          />
        )}
      </div>
      <CliStrip command={shown.command} label={`Copy ${shown.name} command`} />
    </div>
  );
}

/** Splits at flags that stand at a word's beginning, so that a dash inside a name stays plain. */
function coloured(command: string) {
  return command.split(/((?<=^|\s)--?[A-Za-z][\w-]*)/).map((part, place) => {
    const key = `${place}-${part}`;
    return place % 2 === 1 ? (
      <span key={key} className={css.flag}>
        {part}
      </span>
    ) : (
      <Fragment key={key}>{part}</Fragment>
    );
  });
}
