"use client";
import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { formatBytes, formatCount, formatNumber } from "#app/_ui/format.ts";
import { keyWords } from "#app/_ui/key-name.tsx";
import { Tag } from "#app/_ui/state-badge.tsx";
import { showUnseenInLine } from "#app/_ui/value-view-text.ts";
import { VisibleText } from "#app/_ui/visible-text.tsx";
import { bytesOf, cutBytesOf, type Field, type Fields, isObject, isRedacted } from "./field-values.ts";
import css from "./records.module.css";

const shownAtFirst = 100;
const textCharsAtFirst = 1_000;
/** Deeper fields begin closed, so that a hostile record can't make a page of a million elements. */
const openDepth = 3;

/** The fields of a record under Consul's own names, to open and close. */
export function FieldTree({ fields }: { fields: Fields }) {
  return <Entries entries={Object.entries(fields)} depth={0} />;
}

function Entries({ entries, depth }: { entries: readonly (readonly [string, Field])[]; depth: number }) {
  const [limit, setLimit] = useState(shownAtFirst);
  return (
    <ul className={css.entries}>
      {entries.slice(0, limit).map(([name, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the fields of a record keep their places
        <Entry key={`${at}-${name}`} name={name} value={value} depth={depth} />
      ))}
      {entries.length > limit && (
        <li>
          <button type="button" className={`link ${css.inline}`} onClick={() => setLimit(limit * 10)}>
            {formatNumber(entries.length - limit)} more…
          </button>
        </li>
      )}
    </ul>
  );
}

function Entry({ name, value, depth }: { name: string; value: Field; depth: number }) {
  const [open, setOpen] = useState(depth < openDepth);
  const entries = entriesOf(value);
  const label = <span className={css.fieldName}>{keyWords(name, 80)}</span>;
  if (entries === null || entries.length === 0) {
    return (
      <li className={css.leaf}>
        {label} <Leaf value={value} />
      </li>
    );
  }
  const size = Array.isArray(value)
    ? formatCount(entries.length, "item")
    : formatCount(entries.length, "field");
  return (
    <li>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          {label} <span className="t3">{size}</span>
        </summary>
        {open && <Entries entries={entries} depth={depth + 1} />}
      </details>
    </li>
  );
}

/** What a value is made of; null for one that is a whole of its own. */
function entriesOf(value: Field): (readonly [string, Field])[] | null {
  if (Array.isArray(value)) return value.map((one, at) => [String(at), one] as const);
  if (!isObject(value) || isRedacted(value) || bytesOf(value) !== null || cutBytesOf(value) !== null)
    return null;
  return Object.entries(value);
}

function Leaf({ value }: { value: Field }) {
  const [whole, setWhole] = useState(false);
  if (value === null) return <span className="t3">null</span>;
  if (Array.isArray(value)) return <span className="t3">empty list</span>;
  if (typeof value === "boolean" || typeof value === "number")
    return <span className="mono">{String(value)}</span>;
  if (isObject(value)) return <Whole value={value} />;
  if (value === "") return <span className="t3">empty</span>;
  const text = whole || value.length <= textCharsAtFirst ? value : value.slice(0, textCharsAtFirst);
  return (
    <span className={css.text}>
      <bdi>
        <VisibleText text={text.split("\n").map(showUnseenInLine).join("\n")} />
      </bdi>
      {text.length < value.length && (
        <button type="button" className={`link ${css.inline}`} onClick={() => setWhole(true)}>
          … all {formatNumber(value.length)} characters
        </button>
      )}
    </span>
  );
}

function Whole({ value }: { value: { [name: string]: Field } }) {
  if (isRedacted(value)) {
    return (
      <span className={css.redacted}>
        <Tag>
          <IconLock size={12} aria-hidden />
          redacted {formatBytes(value.bytes)}
        </Tag>{" "}
        fingerprint <span className="mono">{value.fingerprint}</span>
      </span>
    );
  }
  const cut = cutBytesOf(value);
  if (cut !== null) return <span className="t3">{formatBytes(cut)}, too large to be shown here</span>;
  const base64 = bytesOf(value);
  if (base64 === null) return <span className="t3">no fields</span>;
  const length = Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
  return (
    <span className={css.text}>
      <span className="t3">{formatBytes(length)} in base64</span> {base64.slice(0, 200)}
      {base64.length > 200 && "…"}
    </span>
  );
}
