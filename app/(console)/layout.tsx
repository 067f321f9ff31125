import type { ReactNode } from "react";
import { type Verdicts, ViewerProvider } from "#app/_client/viewer.tsx";
import { requireViewer } from "#app/_server/session.ts";
import { evaluate, permissionsOfRole, type Viewer } from "#core/access/contract.ts";
import { Shell } from "./_shell/shell.tsx";

/** Every page of the console: a signed-in person, what they may, and the frame. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer();
  return (
    <ViewerProvider viewer={viewer} verdicts={verdictsOf(viewer)}>
      <Shell>{children}</Shell>
    </ViewerProvider>
  );
}

/** The administrator holds every permission there is, so that role's row names them all. */
function verdictsOf(viewer: Viewer): Verdicts {
  return Object.fromEntries(
    permissionsOfRole.administrator.map((permission) => [permission, evaluate(viewer.role, permission)]),
  );
}
