"use client";
import type { Grant } from "#core/kernel/permission.ts";
import { placeKey, placeWords } from "../_lib/grant-words.ts";
import { usePlaces } from "../_lib/use-places.ts";
import css from "./access.module.css";

/** Roles with where they hold: **operator** all clusters, **restorer** dc1 in prod-us. */
export function GrantList({ grants }: { grants: readonly Grant[] }) {
  const clusters = usePlaces();
  if (grants.length === 0) return <span className="t3">no role</span>;
  return (
    <span className={css.grants}>
      {grants.map((grant) => (
        <span key={`${grant.role} ${placeKey(grant)}`}>
          <span className="med">{grant.role}</span> <span className="t3">{placeWords(grant, clusters)}</span>
        </span>
      ))}
    </span>
  );
}
