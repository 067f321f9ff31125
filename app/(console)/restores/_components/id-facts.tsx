import Link from "next/link";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import type { Fact } from "#app/_ui/facts.tsx";

/** An id that leads to what it names. */
export function IdLink({ href, id }: { href: string; id: string }) {
  return (
    <Link className="link mono" href={href}>
      {id}
    </Link>
  );
}

/** The id that the audit log knows an act by. */
export function correlationFact(id: string): Fact {
  return {
    label: "Correlation id",
    value: (
      <span className="row" style={{ justifyContent: "flex-end", gap: 4 }}>
        <span className="mono">{id}</span>
        <CopyButton text={id} label="Copy correlation id" />
      </span>
    ),
  };
}
