import type { MouseEvent, ReactNode } from "react";

type Props = {
  entry: number;
  onOpen: (entry: number) => void;
  className?: string | undefined;
  label?: string;
  rowId?: boolean;
  children: ReactNode;
};

/** Opens an entry beside the list; with Ctrl or the middle button, as links do, in a tab of its own. */
export function EntryLink({ entry, onOpen, className, label, rowId = false, children }: Props) {
  function onClick(event: MouseEvent<HTMLAnchorElement>) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(entry);
  }
  return (
    <a
      href={`/audit?entry=${entry}`}
      className={className}
      aria-label={label}
      data-row-id={rowId ? entry : undefined}
      onClick={onClick}
    >
      {children}
    </a>
  );
}
