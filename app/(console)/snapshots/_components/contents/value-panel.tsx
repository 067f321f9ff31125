"use client";
import { ActionIcon } from "@mantine/core";
import { IconArrowsMaximize, IconArrowsMinimize, IconLoader2, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { useCan } from "#app/_client/use-viewer.ts";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatBytes, formatNumber } from "#app/_ui/format.ts";
import { KeyName, keyWords } from "#app/_ui/key-name.tsx";
import { Note } from "#app/_ui/note.tsx";
import { RevealedBar, RevealForm } from "#app/_ui/reveal-form.tsx";
import { useReveal } from "#app/_ui/reveal-form-timer.ts";
import { ValueView } from "#app/_ui/value-view.tsx";
import type { KeyEntry, KeyValue, RevealedValue } from "#core/contents/contract.ts";
import { useSnapshotPlace } from "../../_lib/use-snapshot-place.ts";
import { revealValue } from "../../actions.ts";
import { keyValueQuery } from "../../queries.ts";
import { fileNameOf } from "./key-path.ts";
import css from "./keys.module.css";
import { useLater } from "./use-later.ts";

type Props = {
  id: string;
  keyId: string;
  /** What the list knew of it, until the value comes or where values may not be read. */
  entry: KeyEntry | null;
  wide: boolean;
  onWide: (wide: boolean) => void;
  onClose: () => void;
  onSession: (session: string) => void;
};

/** One key with its value, as far as the person may see it. */
export function ValuePanel({ id, keyId, entry: listed, wide, onWide, onClose, onSession }: Props) {
  const verdict = useCan("snapshot.values", useSnapshotPlace(id));
  const query = useQuery({ ...keyValueQuery(id, keyId), enabled: verdict.allowed });
  const entry = query.data?.entry ?? listed;
  return (
    <section className={css.value} aria-label="Value">
      <div className={css.valueHead}>
        <span className={`${css.name} grow`}>
          {entry === null ? (
            <span className="t3">Key</span>
          ) : (
            <KeyName
              text={entry.text}
              isUtf8={entry.isUtf8}
              charsMax={wide ? 300 : 160}
              className={css.key}
            />
          )}
        </span>
        <span className={css.valueActs}>
          {entry !== null && <CopyButton text={entry.text} label="Copy key" />}
          <ActionIcon
            variant="ghost"
            size="xs"
            className="from-768"
            aria-label={wide ? "Show beside the contents" : "Show over the full width"}
            title={wide ? "Show beside the contents" : "Show over the full width"}
            aria-pressed={wide}
            onClick={() => onWide(!wide)}
          >
            {wide ? (
              <IconArrowsMinimize size={14} aria-hidden />
            ) : (
              <IconArrowsMaximize size={14} aria-hidden />
            )}
          </ActionIcon>
          <ActionIcon
            variant="ghost"
            size="xs"
            aria-label="Close value"
            title="Close value"
            onClick={onClose}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </span>
      </div>
      {entry !== null && <EntryFacts entry={entry} onSession={onSession} />}
      {!verdict.allowed && <Note>{`${verdict.reason} to see values.`}</Note>}
      {verdict.allowed && query.isPending && <Reading />}
      {verdict.allowed && query.data === undefined && query.isError && (
        <ErrorNote title="The value could not be read." error={query.error}>
          <button type="button" className="link" onClick={() => void query.refetch()}>
            Try again
          </button>
        </ErrorNote>
      )}
      {query.data !== undefined && <Value id={id} keyId={keyId} value={query.data} />}
    </section>
  );
}

function EntryFacts({ entry, onSession }: { entry: KeyEntry; onSession: (session: string) => void }) {
  return (
    <p className={css.facts}>
      <span>{formatBytes(entry.valueBytes)}</span>
      <span>ModifyIndex {formatNumber(entry.modifyIndex)}</span>
      <span>CreateIndex {formatNumber(entry.createIndex)}</span>
      <span>Flags {entry.flags}</span>
      {entry.lockIndex > 0 && <span>LockIndex {formatNumber(entry.lockIndex)}</span>}
      {entry.session !== "" && (
        <span>
          locked by{" "}
          <button type="button" className="link mono" onClick={() => onSession(entry.session)}>
            {keyWords(entry.session, 40)}
          </button>
        </span>
      )}
    </p>
  );
}

function Reading() {
  const late = useLater(300);
  return (
    <p className={css.reading} role="status">
      {late && (
        <>
          <IconLoader2 size={14} className="spin" aria-hidden />
          Reading the value from the archive. In a large one this takes a second or two.
        </>
      )}
    </p>
  );
}

function Value({ id, keyId, value: { entry, value } }: { id: string; keyId: string; value: KeyValue }) {
  if (value.state === "open") return <OpenValue entry={entry} value={value} />;
  return <ClosedValue id={id} keyId={keyId} entry={entry} value={value} />;
}

function OpenValue({ entry, value }: { entry: KeyEntry; value: RevealedValue }) {
  if (value.base64 === "") {
    return <p className="t3 fs12">{value.isNil ? nilWords : emptyWords}</p>;
  }
  return (
    <ValueView
      base64={value.base64}
      form={value.form}
      isCut={value.isCut}
      totalBytes={entry.valueBytes}
      fileName={fileNameOf(entry.text)}
    />
  );
}

const nilWords = "No value: the key was written without one.";
const emptyWords = "The value is empty, 0 bytes.";

type ClosedProps = {
  id: string;
  keyId: string;
  entry: KeyEntry;
  value: Extract<KeyValue["value"], { state: "closed" }>;
};

function ClosedValue({ id, keyId, entry, value }: ClosedProps) {
  const place = useSnapshotPlace(id);
  const reveal = useReveal((reason) => unwrapped(revealValue({ id, keyId, reason })));
  if (reveal.value !== null) {
    return (
      <>
        <RevealedBar secondsLeft={reveal.secondsLeft} onHide={reveal.hide} />
        <OpenValue entry={entry} value={reveal.value} />
      </>
    );
  }
  return (
    <>
      <p className={css.dots}>
        <span aria-hidden>••••••••••••••••</span>{" "}
        <span className="t2">
          {formatBytes(value.bytes)}, fingerprint <span className="mono">{value.fingerprint}</span>
        </span>
      </p>
      <RevealForm
        title={
          <>
            Hidden because the name matches <span className="mono">{value.rule}</span>
          </>
        }
        what="the value"
        {...(place === undefined ? {} : { places: [place] })}
        pending={reveal.pending}
        error={reveal.error}
        onReveal={reveal.reveal}
      />
    </>
  );
}
