"use client";
import { IconTrash } from "@tabler/icons-react";
import { useCan, useViewer } from "#app/_client/use-viewer.ts";
import { ActionMenu } from "#app/_ui/action-menu.tsx";
import table from "#app/_ui/data-table.module.css";
import { StateText } from "#app/_ui/state-text.tsx";
import { TableScroll } from "#app/_ui/table-scroll.tsx";
import { Ago, Utc, useNow } from "#app/_ui/time.tsx";
import { everywhere } from "#core/kernel/permission.ts";
import type { TokenView } from "#core/tokens/contract.ts";
import { endsSoon, isOver } from "../_lib/token-words.ts";
import css from "./access.module.css";
import { GrantList } from "./grant-list.tsx";

type Props = { tokens: readonly TokenView[]; onRevoke: (token: TokenView) => void };

export function TokenTable({ tokens, onRevoke }: Props) {
  return (
    <>
      <TableScroll className="from-768" label="API tokens">
        <table className={`${table.table} ${css.table}`}>
          <thead>
            <tr>
              <th>Name</th>
              <th>Begins with</th>
              <th>Roles</th>
              <th>Made by</th>
              <th>Expires</th>
              <th>Last used</th>
              <th>State</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <TokenRow key={token.id} token={token} onRevoke={onRevoke} />
            ))}
          </tbody>
        </table>
      </TableScroll>
      <ul className={`${table.list} below-768`}>
        {tokens.map((token) => (
          <TokenItem key={token.id} token={token} onRevoke={onRevoke} />
        ))}
      </ul>
    </>
  );
}

type RowProps = { token: TokenView; onRevoke: Props["onRevoke"] };

function TokenRow({ token, onRevoke }: RowProps) {
  return (
    <tr className={isOver(token) ? `${table.row} ${css.muted}` : table.row}>
      <td className="med">{token.name}</td>
      <td className="mono">{token.prefix}…</td>
      <td className={css.wraps}>
        <GrantList grants={token.grants} />
      </td>
      <td className="t2">{token.makerName}</td>
      <td className="tn">
        <Expires token={token} />
      </td>
      <td className="tn">
        <LastUsed token={token} />
      </td>
      <td>
        <TokenState token={token} />
      </td>
      <td>
        <TokenMenu token={token} onRevoke={onRevoke} />
      </td>
    </tr>
  );
}

function TokenItem({ token, onRevoke }: RowProps) {
  return (
    <li className={table.item}>
      <div className="grow">
        <div className={table.itemLine}>
          <span className="med trunc">{token.name}</span>
          <TokenState token={token} />
        </div>
        <GrantList grants={token.grants} />
        <div className={`${table.itemSmall} ${css.facts}`}>
          <span className="mono">{token.prefix}…</span>
          <span>
            expires <Expires token={token} />
          </span>
          <span>
            used <LastUsed token={token} />
          </span>
          <span className="t3">by {token.makerName}</span>
        </div>
      </div>
      <TokenMenu token={token} onRevoke={onRevoke} />
    </li>
  );
}

function Expires({ token }: { token: TokenView }) {
  const now = useNow(60_000);
  if (token.expiresAt === null) return <span className="t3">never</span>;
  return (
    <span className={endsSoon(token, now) ? "c-warn med" : undefined}>
      <Utc at={token.expiresAt} as="day" />
      {endsSoon(token, now) && <span className="sr-only">, soon</span>}
    </span>
  );
}

function LastUsed({ token }: { token: TokenView }) {
  if (token.lastUsedAt === null) return <span className="t3">never</span>;
  return (
    <>
      <Ago at={token.lastUsedAt} suffix=" ago" />
      {token.lastUsedBy !== null && <span className="mono t3"> {token.lastUsedBy}</span>}
    </>
  );
}

function TokenState({ token }: { token: TokenView }) {
  switch (token.state) {
    case "active":
      return <span className="t3">Active</span>;
    case "expired":
      return <span className="t3">Expired</span>;
    case "revoked":
      return <span className="t3">Revoked</span>;
    case "maker gone":
      return <StateText state="warning" word="Refused" detail="its maker is gone or disabled" />;
    default:
      return token.state satisfies never;
  }
}

function TokenMenu({ token, onRevoke }: RowProps) {
  const viewer = useViewer();
  const can = useCan("access.manage", everywhere);
  const refusal = token.makerId === viewer.userId || can.allowed ? null : can.reason;
  return (
    <ActionMenu
      label={`Actions for ${token.name}`}
      actions={[
        {
          label: "Revoke…",
          icon: IconTrash,
          danger: true,
          disabledReason: token.revokedAt === null ? refusal : "Revoked already",
          onSelect: () => onRevoke(token),
        },
      ]}
    />
  );
}
