import { IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Field } from "../_lib/schema-fields.ts";
import css from "./reference.module.css";

type Props = {
  fields: readonly Field[];
  label: string;
  /** An answer has all its fields, unless told; what is sent needs few. */
  isAnswer?: boolean;
  placeOf?: (field: Field) => string;
};

/** Fields with their types. What holds fields of its own folds open. */
export function FieldList({ fields, label, isAnswer = false, placeOf }: Props) {
  return (
    <ul className={css.fields} aria-label={label}>
      {fields.map((field) => (
        <li key={field.name}>
          {field.children.length === 0 ? (
            <div className={css.field}>
              <Name field={field} />
              <What field={field} isAnswer={isAnswer} place={placeOf?.(field)} />
            </div>
          ) : (
            <details className={css.nested}>
              <summary className={css.field}>
                <Name field={field}>
                  <IconChevronRight size={12} aria-hidden />
                </Name>
                <What field={field} isAnswer={isAnswer} place={placeOf?.(field)} />
              </summary>
              <FieldList fields={field.children} label={`Fields of ${field.name}`} isAnswer={isAnswer} />
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function Name({ field, children }: { field: Field; children?: ReactNode }) {
  return (
    <span className={css.name}>
      <code>{field.name}</code>
      {children}
    </span>
  );
}

type WhatProps = { field: Field; isAnswer: boolean; place: string | undefined };

function What({ field, isAnswer, place }: WhatProps) {
  const need = isAnswer
    ? field.required
      ? undefined
      : "may be missing"
    : field.required
      ? "needed"
      : undefined;
  const facts = [place, need, ...field.notes].filter((fact) => fact !== undefined);
  return (
    <span className={css.what}>
      <code>{field.type}</code>
      {facts.length > 0 && ` ${facts.join(", ")}`}
    </span>
  );
}
