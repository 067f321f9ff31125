import { z } from "zod";
import { type Permission, permissions } from "#core/kernel/permission.ts";

/** Roles, strongest last. Issue 3 of the plan widens the table; unknown roles hold nothing. */
export const roles = ["viewer", "operator", "restorer", "auditor", "administrator"] as const;
export type Role = (typeof roles)[number];

const viewer: Permission[] = ["cluster.read", "snapshot.read", "restore.read"];
const operator: Permission[] = [
  ...viewer,
  "snapshot.take",
  "snapshot.upload",
  "snapshot.pin",
  "snapshot.delete",
];

export const permissionsOfRole: Record<Role, readonly Permission[]> = {
  viewer,
  operator,
  // Whoever may download an archive holds every secret in it.
  restorer: [...operator, "snapshot.values", "secret.reveal", "snapshot.download", "restore.run"],
  auditor: [...viewer, "audit.read"],
  administrator: permissions,
};

export type Verdict = { allowed: true } | { allowed: false; reason: string };

/** Pure: the same answer for a screen that disables a button and for the server that refuses the act. */
export function evaluate(role: string, permission: Permission | null): Verdict {
  if (permission === null) return { allowed: true };
  const known = roles.find((candidate) => candidate === role);
  if (known !== undefined && permissionsOfRole[known].includes(permission)) return { allowed: true };
  const needed = roles.filter((candidate) => permissionsOfRole[candidate].includes(permission));
  return { allowed: false, reason: `Needs the role ${needed.join(" or ")}` };
}

export const passwordCharsMin = 12;
export const passwordCharsMax = 128;

export const usernameSchema = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9][a-z0-9._-]{1,39}$/,
    "2 to 40 of a-z, 0-9, dot, dash, underscore; begins with a letter or digit",
  );

export const passwordSchema = z
  .string()
  .min(passwordCharsMin, `At least ${passwordCharsMin} characters`)
  .max(passwordCharsMax, `At most ${passwordCharsMax} characters`);

export const signInInput = z.object({
  // Phones like to begin with a capital; no account has one.
  username: z.string().trim().toLowerCase().min(1).max(40),
  password: z.string().min(1).max(passwordCharsMax),
});
export const setupInput = z.object({
  setupToken: z.string().trim().min(1, "The setup token stands in Snapkeep's own output").max(200),
  username: usernameSchema,
  password: passwordSchema,
});

export type SignInInput = z.input<typeof signInInput>;
export type SetupInput = z.input<typeof setupInput>;

/** The person behind a request, as pages see them. */
export type Viewer = { userId: string; name: string; role: string };
