import { IconCheck } from "@tabler/icons-react";
import { Panel, PanelFooter } from "#app/_ui/panel.tsx";
import { permissionsOfRole, type Role, roles } from "#core/access/contract.ts";
import type { Grant, Permission } from "#core/kernel/permission.ts";
import { permissionGroups } from "../_lib/permission-words.ts";
import { roleWords } from "../_lib/role-names.ts";
import { AccessFrame } from "./access-frame.tsx";
import css from "./roles-matrix.module.css";

/** The one table of who may do what, as the server evaluates it. Rendered there, and no code goes along. */
export function RolesMatrix({ grants }: { grants: readonly Grant[] }) {
  const mine = new Set(grants.map((grant) => grant.role));
  return (
    <AccessFrame tab="roles" sub="a role holds for all clusters, for one, or for one datacenter">
      <Panel aria-label="Permissions of roles">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className={css.scroll} tabIndex={0} aria-label="Permissions by role">
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col" className={css.what}>
                  Permission
                </th>
                {roles.map((role) => (
                  <th key={role} scope="col" className={mine.has(role) ? css.mine : undefined}>
                    {role}
                    {mine.has(role) && <span className={css.note}>yours</span>}
                  </th>
                ))}
              </tr>
            </thead>
            {permissionGroups().map(({ title, permissions }) => (
              <tbody key={title}>
                <tr className={css.group}>
                  <th scope="rowgroup" colSpan={roles.length + 1}>
                    {title}
                  </th>
                </tr>
                {permissions.map(({ permission, does, note }) => (
                  <tr key={permission}>
                    <th scope="row" className={css.what}>
                      <span className={css.does}>
                        <span>{does}</span>
                        <span className="mono t3">{permission}</span>
                      </span>
                      {note !== undefined && <span className={css.note}>{note}</span>}
                    </th>
                    {roles.map((role) => (
                      <td key={role} className={mine.has(role) ? css.mine : undefined}>
                        <Holds role={role} permission={permission} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </section>
        <PanelFooter>
          <span>
            An auditor {roleWords.auditor}. Roles add up: somebody may be auditor everywhere and operator in
            one cluster. A role that nobody knows holds nothing.
          </span>
        </PanelFooter>
      </Panel>
    </AccessFrame>
  );
}

function Holds({ role, permission }: { role: Role; permission: Permission }) {
  if (!permissionsOfRole[role].includes(permission)) {
    return (
      <span className="t3">
        <span aria-hidden>·</span>
        <span className="sr-only">no</span>
      </span>
    );
  }
  return <IconCheck size={16} role="img" aria-label="yes" />;
}
