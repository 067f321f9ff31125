import type { ReactNode } from "react";
import { type RightsByPermission, ViewerProvider } from "#app/_client/viewer.tsx";
import { requireViewer } from "#app/_server/session.ts";
import { permissionsOfRole, reachOf, roles, type Viewer } from "#core/access/contract.ts";
import { Shell } from "./_shell/shell.tsx";

/** Every page of the console: a signed-in person, what they may, and the frame. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer();
  return (
    <ViewerProvider viewer={viewer} rights={rightsOf(viewer)}>
      <Shell>{children}</Shell>
    </ViewerProvider>
  );
}

/** The administrator holds every permission there is, so that role's row names them all. */
function rightsOf(viewer: Viewer): RightsByPermission {
  return Object.fromEntries(
    permissionsOfRole.administrator.map((permission) => {
      const needed = roles.filter((role) => permissionsOfRole[role].includes(permission));
      const reach = reachOf(viewer, permission);
      return [permission, { reach, reason: `Needs the role ${needed.join(" or ")}` }];
    }),
  );
}
