"use client";
import { Button } from "@mantine/core";
import { IconApi, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { lazy, type ReactNode, useState } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { ToggleChip } from "#app/_ui/chip.tsx";
import { CliStrip } from "#app/_ui/cli-strip.tsx";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { Empty } from "#app/_ui/empty.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { formatCount } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { Tip } from "#app/_ui/tip.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import { everywhere } from "#core/kernel/permission.ts";
import type { TokenView } from "#core/tokens/contract.ts";
import type { Givable } from "../_lib/role-names.ts";
import { isOver } from "../_lib/token-words.ts";
import { tokensQuery } from "../queries.ts";
import { AccessFrame } from "./access-frame.tsx";
import { TokenTable } from "./token-table.tsx";

const NewTokenDialog = lazy(() =>
  import("./new-token-dialog.tsx").then((module) => ({ default: module.NewTokenDialog })),
);
const RevokeDialog = lazy(() =>
  import("./revoke-dialog.tsx").then((module) => ({ default: module.RevokeDialog })),
);

type Open = { act: "new"; token: null } | { act: "revoke"; token: TokenView };

/** What programs sign in with: everybody's for who manages access, else one's own. */
export function TokensView({ givable }: { givable: Givable }) {
  const can = useCan("token.make");
  const tokens = useQuery({ ...tokensQuery, enabled: can.allowed });
  const dialog = useDialog<Open>();
  const [withOver, setWithOver] = useState(false);
  const all = tokens.data?.tokens;
  const over = all?.filter(isOver).length ?? 0;
  const shown = withOver ? all : all?.filter((token) => !isOver(token));
  const make = (
    <MakeButton
      refusal={can.allowed ? null : can.reason}
      onMake={() => dialog.open({ act: "new", token: null })}
    />
  );
  return (
    <AccessFrame tab="tokens" sub={<Sub tokens={all} />} actions={<Actions>{make}</Actions>}>
      {!can.allowed && (
        <Panel>
          <Empty title="API tokens are not shown" picture={false}>
            {can.reason}. Whoever makes tokens gives a program at most what they may themselves.
          </Empty>
        </Panel>
      )}
      {can.allowed && tokens.error !== null && all === undefined && (
        <ErrorPanel
          title="The tokens could not be read"
          error={tokens.error}
          onRetry={() => void tokens.refetch()}
        />
      )}
      {over > 0 && (
        <div className="row">
          <ToggleChip label={`Revoked and expired ${over}`} on={withOver} onChange={setWithOver} />
        </div>
      )}
      {can.allowed && (all !== undefined || tokens.error === null) && (
        <Panel aria-busy={tokens.isPending}>
          {shown === undefined && <SkeletonList rows={3} />}
          {shown?.length === 0 && <NoToken make={make} />}
          {shown !== undefined && shown.length > 0 && (
            <TokenTable tokens={shown} onRevoke={(token) => dialog.open({ act: "revoke", token })} />
          )}
        </Panel>
      )}
      <DialogSlot dialog={dialog}>
        {(common, { act, token }) =>
          act === "new" ? (
            <NewTokenDialog givable={givable} {...common} />
          ) : (
            <RevokeDialog token={token} {...common} />
          )
        }
      </DialogSlot>
    </AccessFrame>
  );
}

function Sub({ tokens }: { tokens: readonly TokenView[] | undefined }) {
  const everybodys = useCan("access.manage", everywhere).allowed;
  if (tokens === undefined) return null;
  const good = tokens.filter((token) => token.state === "active").length;
  return `${formatCount(good, "active token")}${everybodys ? "" : " of yours"}`;
}

function Actions({ children }: { children: ReactNode }) {
  return (
    <>
      <Button component={Link} href="/api-reference" leftSection={<IconApi aria-hidden />}>
        API reference
      </Button>
      {children}
    </>
  );
}

function NoToken({ make }: { make: ReactNode }) {
  return (
    <Empty
      title="No API token"
      actions={make}
      command={<CliStrip command="npx snapkeep token create --role operator --name ci" />}
      picture={false}
    >
      Scripts and pipelines can't use Snapkeep yet. A token lets one do what a role may, and no more than its
      maker.
    </Empty>
  );
}

/** Off, it can still be reached and says why. */
function MakeButton({ refusal, onMake }: { refusal: string | null; onMake: () => void }) {
  const button = (
    <Button
      variant="primary"
      leftSection={<IconPlus aria-hidden />}
      data-disabled={refusal !== null || undefined}
      aria-disabled={refusal !== null}
      onClick={() => refusal === null && onMake()}
    >
      New token…
      {refusal !== null && <span className="sr-only">, off: {refusal}</span>}
    </Button>
  );
  return refusal === null ? button : <Tip text={refusal}>{button}</Tip>;
}
