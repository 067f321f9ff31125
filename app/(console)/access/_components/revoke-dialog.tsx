"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { tokenKeys } from "#app/_client/keys.ts";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { Ago } from "#app/_ui/time.tsx";
import type { TokenView } from "#core/tokens/contract.ts";
import { revokeToken } from "../actions.ts";

type Props = { token: TokenView; opened: boolean; onClose: () => void };

export function RevokeDialog({ token, opened, onClose }: Props) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => unwrapped(revokeToken({ id: token.id })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: tokenKeys.list });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Revoke ${token.name}`}
      confirmLabel={`Revoke ${token.name}`}
      cancelLabel="Keep"
      onConfirm={() => revoke.mutate()}
      pending={revoke.isPending}
      error={revoke.error}
      errorTitle="Not revoked."
    >
      <p>
        Whatever uses <span className="mono">{token.prefix}…</span> is refused from its next request on. A
        revoked token can't be brought back.
      </p>
      <p className="t2">
        {token.lastUsedAt === null ? (
          "It was never used."
        ) : (
          <>
            It was last used <Ago at={token.lastUsedAt} suffix=" ago" />
            {token.lastUsedBy !== null && (
              <>
                , from <span className="mono">{token.lastUsedBy}</span>
              </>
            )}
            .
          </>
        )}
      </p>
    </ConfirmDialog>
  );
}
