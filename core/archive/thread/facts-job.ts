import { createRestoreFacts, type RestoreFacts } from "../identity/restore-facts.ts";
import { createArchiveVerifier } from "../verify/verifier.ts";
import type { Job } from "./job.ts";
import type { FactsJob } from "./messages.ts";

/** Verifies an archive, and collects what one has to know of it before it is restored somewhere. */
export function startFactsJob({ sampleKeys, endsBeforeMs }: FactsJob): Job {
  const facts = createRestoreFacts({ sampleKeys, endsBeforeMs });
  const verifier = createArchiveVerifier({ visitor: facts.visitor, values: true });
  let finish: (result: Promise<RestoreFacts>) => void = () => undefined;
  const result = new Promise<RestoreFacts>((resolve) => {
    finish = resolve;
  });
  return {
    write: (_source, bytes) => verifier.write(bytes),
    end: () => finish(verifier.end().then(facts.result)),
    result,
  };
}
