import { signOut } from "#app/sign-in/actions.ts";

/** Signs out. A whole new page afterwards, so that nothing of the session stays in memory. */
export async function leave(): Promise<void> {
  await signOut();
  window.location.assign("/sign-in");
}
