"use client";

import { useQuery } from "@tanstack/react-query";
import { Note } from "#app/_ui/note.tsx";
import { preflightQuery } from "../queries.ts";
import { ImpactPanel } from "./impact-panel.tsx";
import { PreflightPanel } from "./preflight-panel.tsx";

/** What the second person agrees to: the very preflight that the request is bound to. */
export function AskedImpact({ preflightId, name }: { preflightId: string; name: string }) {
  const { data, error } = useQuery(preflightQuery(preflightId));
  if (data === undefined && error !== null) {
    return (
      <Note tone="warn" title="The preflight of this request could not be read.">
        {error.message}
      </Note>
    );
  }
  return (
    <>
      <PreflightPanel preflight={data} again={null} />
      <ImpactPanel preflight={data} name={name} />
    </>
  );
}
