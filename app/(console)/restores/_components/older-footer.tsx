import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { PanelFooter } from "#app/_ui/panel.tsx";

type Props = {
  /** What is listed, as it stands in the buttons' names: "restores". */
  what: string;
  nextCursor: string | null;
  /** Null on the first page. */
  cursor: string | null;
  onCursor: (cursor: string | null) => void;
};

/** To the newest and to older ones; nothing where one page holds all. */
export function OlderFooter({ what, nextCursor, cursor, onCursor }: Props) {
  if (nextCursor === null && cursor === null) return null;
  return (
    <PanelFooter>
      <span className="grow" />
      <ActionIcon
        size="xs"
        aria-label={`Newest ${what}`}
        disabled={cursor === null}
        onClick={() => onCursor(null)}
      >
        <IconChevronLeft aria-hidden />
      </ActionIcon>
      <ActionIcon
        size="xs"
        aria-label={`Older ${what}`}
        disabled={nextCursor === null}
        onClick={() => onCursor(nextCursor)}
      >
        <IconChevronRight aria-hidden />
      </ActionIcon>
    </PanelFooter>
  );
}
