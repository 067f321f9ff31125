"use client";

import { IconArrowRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useMemo, useState } from "react";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatCount } from "#app/_ui/format.ts";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { showUnseen } from "#app/_ui/value-view-text.ts";
import type { FieldDifference } from "#core/comparisons/contract.ts";
import { toLeaves } from "../_lib/fields.ts";
import type { Kind } from "../_lib/kinds.ts";
import type { Change } from "../_lib/rows.ts";
import { recordQuery } from "../queries.ts";
import { FieldValue, isShort } from "./field-value.tsx";
import classes from "./reader.module.css";

type Props = { comparisonId: string; kind: Kind; identity: string; change: Change | null };

/** The fields of a record that differ; what Consul rewrites by itself stands behind. */
export function RecordDifferenceBody({ comparisonId, kind, identity, change }: Props) {
  const read = useQuery(recordQuery(comparisonId, kind, identity));
  const [all, setAll] = useState(false);
  const fields = useMemo(() => toLeaves(read.data?.fields ?? []), [read.data]);
  if (read.isError && read.data === undefined) {
    return (
      <div className={classes.said}>
        <ErrorNote title="The fields could not be read." error={read.error} />
      </div>
    );
  }
  if (read.data === undefined) return <SkeletonList rows={4} height={28} />;
  const told = fields.filter((field) => !field.churn);
  const churn = fields.filter((field) => field.churn);
  const shown = all || told.length === 0 ? [...told, ...churn] : told;
  return (
    <>
      {told.length === 0 && (
        <p className={`${classes.said} t2`}>
          {change === "touched" || churn.length > 0
            ? "Only what Consul writes by itself differs."
            : "No field differs."}
        </p>
      )}
      <dl className={classes.fields}>
        {shown.map((field) => (
          <Field key={field.path} field={field} />
        ))}
      </dl>
      {told.length > 0 && churn.length > 0 && (
        <button type="button" className={classes.moreFields} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Hide" : "Show"} {formatCount(churn.length, "field")} that Consul writes by itself
        </button>
      )}
    </>
  );
}

function Field({ field }: { field: FieldDifference }) {
  const { before, after } = field;
  const short = (before === undefined || isShort(before)) && (after === undefined || isShort(after));
  return (
    <div className={classes.field} data-churn={field.churn || undefined} data-short={short || undefined}>
      <dt className="mono t2">
        <Path path={field.path} />
      </dt>
      <dd>
        {before !== undefined && (
          <del>
            <span className="sr-only">Before: </span>
            <FieldValue value={before} />
          </del>
        )}
        {short && before !== undefined && after !== undefined && (
          <IconArrowRight size={12} aria-hidden className="t3" />
        )}
        {after !== undefined && (
          <ins>
            <span className="sr-only">After: </span>
            <FieldValue value={after} />
          </ins>
        )}
      </dd>
    </div>
  );
}

/** Long paths break between their steps. */
function Path({ path }: { path: string }) {
  return showUnseen(path)
    .split(/(?=[.[])/)
    .map((step, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a path never move
      <Fragment key={place}>
        {place > 0 && <wbr />}
        {step}
      </Fragment>
    ));
}
