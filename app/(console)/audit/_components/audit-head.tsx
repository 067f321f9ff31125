"use client";

import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { auditKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { verifyChain } from "../actions.ts";
import { chainQuery } from "../queries.ts";
import css from "./audit-head.module.css";
import { BrokenNote, ChainBadge, ChainFacts } from "./chain-badge.tsx";
import { ExportMenu } from "./export-menu.tsx";
import type { AuditUrl } from "./use-audit-url.ts";

/** The name of the page, whether the log is still as it was written, and the two acts upon it. */
export function AuditHead({ url }: { url: AuditUrl }) {
  const chain = useQuery(chainQuery);
  const verify = useVerify();
  const report = chain.data ?? null;
  return (
    <>
      <div className={css.head}>
        <PageHead
          title="Audit log"
          badge={<ChainBadge report={report} checking={verify.isPending} />}
          {...(report === null ? {} : { sub: <ChainFacts report={report} /> })}
          actions={
            <>
              <Button
                leftSection={<IconRefresh size={16} aria-hidden />}
                loading={verify.isPending}
                onClick={() => verify.mutate()}
              >
                {report === null ? "Verify" : "Verify again"}
              </Button>
              <ExportMenu url={url} />
            </>
          }
        />
      </div>
      {verify.isError && (
        <ErrorNote title="The hash chain could not be checked." error={verify.error}>
          That says nothing about the log itself.
        </ErrorNote>
      )}
      {report?.broken != null && <BrokenNote broken={report.broken} onOpen={url.open} />}
    </>
  );
}

function useVerify() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrapped(verifyChain({})),
    onSuccess: (report) => {
      client.setQueryData(auditKeys.chain, report);
      // The check may have left a row of its own.
      void client.invalidateQueries({ queryKey: [...auditKeys.all, "list"] });
    },
  });
}
