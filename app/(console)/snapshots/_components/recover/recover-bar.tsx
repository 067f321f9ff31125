"use client";

import { formatBytes, formatCount } from "#app/_ui/format.ts";
import { KeyName, keyWords } from "#app/_ui/key-name.tsx";
import type { KeyChild, KeyEntry } from "#core/contents/contract.ts";
import { type Choice, folderChoice, keyChoice, prefixChoice } from "../../_lib/recover-choice.ts";
import classes from "./recover.module.css";
import { RecoverButton } from "./recover-button.tsx";

/** What one looks at in the KV browser: a key, a folder, or what a prefix found. */
export type InView =
  | { type: "key"; entry: KeyEntry }
  | { type: "folder"; child: KeyChild }
  | { type: "prefix"; prefix: string };

/** The foot of the KV browser: brings back what was last touched in it. */
export function RecoverBar({ id, inView }: { id: string; inView: InView }) {
  const choice = choiceOf(inView);
  const { text, isUtf8, size } = factsOf(inView);
  const reason = "reason" in choice ? choice.reason : null;
  return (
    <div className={classes.bar}>
      <span className={classes.what}>
        <KeyName text={text} isUtf8={isUtf8} charsMax={80} />
        <span className="t3 fs12 nowrap">{reason ?? size}</span>
      </span>
      <RecoverButton
        id={id}
        chosen={"chosen" in choice ? choice.chosen : null}
        reason={reason}
        label={keyWords(text, 80)}
      />
    </div>
  );
}

function choiceOf(inView: InView): Choice {
  switch (inView.type) {
    case "key":
      return keyChoice(inView.entry);
    case "folder":
      return folderChoice(inView.child);
    case "prefix":
      return prefixChoice(inView.prefix);
    default:
      return inView satisfies never;
  }
}

function factsOf(inView: InView): { text: string; isUtf8: boolean; size: string } {
  switch (inView.type) {
    case "key": {
      const { text, isUtf8, valueBytes } = inView.entry;
      return { text, isUtf8, size: formatBytes(valueBytes) };
    }
    case "folder": {
      const { path, keys, valueBytes } = inView.child;
      return { ...path, size: `${formatCount(keys, "key")}, ${formatBytes(valueBytes)}` };
    }
    case "prefix":
      return { text: inView.prefix, isUtf8: true, size: "every key that begins so" };
    default:
      return inView satisfies never;
  }
}
