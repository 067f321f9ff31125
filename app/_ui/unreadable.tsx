import { Button } from "@mantine/core";
import Link from "next/link";
import { ApiError } from "#app/_client/api.ts";
import { ErrorPanel } from "./error-panel.tsx";

type Props = {
  /** "drill" */
  what: string;
  id: string;
  error: Error;
  onRetry: () => void;
  list: { href: string; words: string };
  /** Why there may be none of this id. */
  gone: string;
  /** What goes on although it can't be read. */
  goesOn: string;
};

/** A page of one thing that could not be had: none of that id, or a fault that may pass. */
export function Unreadable({ what, id, error, onRetry, list, gone, goesOn }: Props) {
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <ErrorPanel
      title={isGone ? `There is no ${what} ${id}` : `The ${what} could not be read`}
      error={error}
      {...(isGone ? {} : { onRetry })}
      actions={
        <Button size="xs" component={Link} href={list.href}>
          {list.words}
        </Button>
      }
    >
      {isGone ? gone : goesOn}
    </ErrorPanel>
  );
}
