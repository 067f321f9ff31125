"use client";
import { Button } from "@mantine/core";
import { IconCircleX, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ApiError } from "#app/_client/api.ts";
import { CopyButton } from "./copy-button.tsx";
import css from "./error-panel.module.css";
import { Note } from "./note.tsx";
import { Panel } from "./panel.tsx";

type Props = {
  /** What failed: "The history could not be read". */
  title: ReactNode;
  error: unknown;
  onRetry?: () => void;
  /** Whether anything was stored, and what still works. */
  children?: ReactNode;
  /** The best thing still possible. */
  actions?: ReactNode;
};

/** In place of content that could not be read: what failed, the raw line, the request id, and a way on. */
export function ErrorPanel({ title, error, onRetry, children, actions }: Props) {
  const text = errorText(error);
  const id = requestIdOf(error);
  return (
    <Panel className={css.panel} role="alert">
      <div className={css.title}>
        <IconCircleX aria-hidden />
        {title}
      </div>
      {children !== undefined && <div className="t2">{children}</div>}
      <div className={css.raw}>
        <code>{text}</code>
        <CopyButton text={id === null ? text : `${text} (${id})`} label="Copy error" />
      </div>
      <div className={css.actions}>
        {onRetry !== undefined && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={onRetry}
          >
            Try again
          </Button>
        )}
        {actions}
        {id !== null && <RequestId id={id} />}
      </div>
    </Panel>
  );
}

/** The same in a form or a dialog, under the fields. */
export function ErrorNote({
  title,
  error,
  children,
}: {
  title: ReactNode;
  error: unknown;
  children?: ReactNode;
}) {
  const id = requestIdOf(error);
  return (
    <Note tone="bad" role="alert" title={title}>
      {errorText(error)} {children}
      {id !== null && <RequestId id={id} />}
    </Note>
  );
}

function RequestId({ id }: { id: string }) {
  return (
    <span className={css.id}>
      <span className="mono">{id}</span>
      <CopyButton text={id} label="Copy request id" />
    </span>
  );
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function requestIdOf(error: unknown): string | null {
  return error instanceof ApiError && error.requestId !== "" ? error.requestId : null;
}
