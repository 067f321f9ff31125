"use client";
import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { formatBytes } from "#app/_ui/format.ts";
import { KeyName, keyWords } from "#app/_ui/key-name.tsx";
import { RevealedBar, RevealForm } from "#app/_ui/reveal-form.tsx";
import { useReveal } from "#app/_ui/reveal-form-timer.ts";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { RecordRow } from "#core/contents/contract.ts";
import { isRecoverableKind } from "../../../restores/parts/_lib/recovery-words.ts";
import { recordChoice } from "../../_lib/recover-choice.ts";
import { useSnapshotPlace } from "../../_lib/use-snapshot-place.ts";
import { revealRecord } from "../../actions.ts";
import { FieldTree } from "./field-tree.tsx";
import { textAt } from "./field-values.ts";
import type { TableKind } from "./kinds.ts";
import css from "./records.module.css";

const RecoverButton = lazy(() =>
  import("../recover/recover-button.tsx").then((module) => ({ default: module.RecoverButton })),
);

type Props = {
  id: string;
  kind: TableKind;
  identity: string;
  /** Undefined while it is looked for. */
  row: RecordRow | undefined;
  missing: boolean;
  onClose: () => void;
};

/** All fields of one record. What is closed opens with a reason, for a minute. */
export function RecordPane({ id, kind, identity, row, missing, onClose }: Props) {
  return (
    <aside className={css.pane} aria-label="Record">
      <div className={css.paneHead}>
        <span className="grow row">
          <KeyName text={identity} charsMax={120} className={css.identity} />
        </span>
        {row !== undefined && isRecoverableKind(kind) && (
          <Suspense>
            <RecoverButton
              id={id}
              chosen={recordChoice(kind, identity, nameOf(row))}
              label={keyWords(nameOf(row), 80)}
            />
          </Suspense>
        )}
        {row !== undefined && (
          <CopyButton text={JSON.stringify(row.fields, null, 2)} label="Copy record as JSON" />
        )}
        <ActionIcon
          variant="ghost"
          size="xs"
          aria-label="Close record"
          title="Close record"
          onClick={onClose}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </div>
      {row === undefined && !missing && <SkeletonList rows={10} height={24} />}
      {missing && <p className={`t3 ${css.message}`}>This snapshot has no such record.</p>}
      {row !== undefined && <Opened id={id} kind={kind} row={row} />}
    </aside>
  );
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Policies, roles and queries are known by an id that nobody can tell from another. */
function nameOf({ identity, fields }: RecordRow): string {
  return (uuid.test(identity) && textAt(fields, "Name")) || identity;
}

function Opened({ id, kind, row }: { id: string; kind: TableKind; row: RecordRow }) {
  const { identity } = row;
  const place = useSnapshotPlace(id);
  const reveal = useReveal((reason) => unwrapped(revealRecord({ id, kind, identity, reason })));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={css.fields} tabIndex={0} aria-label="Fields">
        <p className="t3 fs12">
          <span className="mono">{row.typeName}</span>, {formatBytes(row.bytes)}
        </p>
        <FieldTree fields={reveal.value?.fields ?? row.fields} />
      </section>
      {row.hasSecrets && (
        <div className={css.reveal}>
          {reveal.value === null ? (
            <RevealForm
              title="The secrets in this record are hidden"
              what="the whole record"
              {...(place === undefined ? {} : { places: [place] })}
              pending={reveal.pending}
              error={reveal.error}
              onReveal={reveal.reveal}
            />
          ) : (
            <RevealedBar secondsLeft={reveal.secondsLeft} onHide={reveal.hide} />
          )}
        </div>
      )}
    </>
  );
}
