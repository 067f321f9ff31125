import type { Icon } from "@tabler/icons-react";
import css from "./state.module.css";
import type { Tone } from "./states.ts";

/** The soft square with an icon that opens a verdict. The sentence beside it says the same in words. */
export function Glyph({ tone, icon: Picture, size = "md" }: { tone: Tone; icon: Icon; size?: "md" | "lg" }) {
  return (
    <span className={css.glyph} data-tone={tone} data-size={size}>
      <Picture aria-hidden className={tone === "run" ? "spin" : undefined} />
    </span>
  );
}
