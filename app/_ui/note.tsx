import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClockExclamation,
  IconInfoCircle,
  IconLoader2,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./note.module.css";
import type { Tone } from "./states.ts";

const icons: Record<Tone, Icon> = {
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  late: IconClockExclamation,
  bad: IconCircleX,
  run: IconLoader2,
  idle: IconInfoCircle,
};

type Props = {
  tone?: Tone;
  /** The first sentence, in medium weight. */
  title?: ReactNode;
  children?: ReactNode;
  /** A link or a small button at the right. */
  action?: ReactNode;
  icon?: Icon;
  /** `alert` speaks at once: for failed and finished. `status` waits its turn. Leave out what was there at load. */
  role?: "alert" | "status";
  className?: string;
};

/** A sentence or two beside the content it is about. */
export function Note({ tone = "idle", title, children, action, icon, role, className }: Props) {
  const Picture = icon ?? icons[tone];
  return (
    <div className={[css.note, className].filter(Boolean).join(" ")} data-tone={tone} role={role}>
      <Picture aria-hidden className={tone === "run" ? "spin" : undefined} />
      <div className={css.body}>
        {title !== undefined && <b>{title}</b>}
        {title !== undefined && children !== undefined && " "}
        {children}
      </div>
      {action !== undefined && <div className={css.action}>{action}</div>}
    </div>
  );
}
