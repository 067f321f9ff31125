import css from "./skeleton-rows.module.css";

const widths = [68, 112, 92, 60, 128, 76, 52];

/** Grey bars in rows of true height, in place of a table or a list. Nothing shows under 300 ms. */
export function SkeletonList({ rows = 6, height = 34 }: { rows?: number; height?: number }) {
  return (
    <div className={`${css.list} ${css.late}`} aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={row} className={css.line} style={{ height }}>
          <Bar place={row} />
          <Bar place={row + 2} />
          <span className="grow" />
          <Bar place={row + 4} />
        </div>
      ))}
    </div>
  );
}

function Bar({ place }: { place: number }) {
  return (
    <span
      className={css.bar}
      style={{ width: Math.min(widths[place % widths.length] ?? 80, 120), maxWidth: "100%" }}
    />
  );
}
