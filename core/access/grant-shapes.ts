import { z } from "zod";

/** Roles, strongest last. Unknown roles hold nothing. */
export const roles = ["viewer", "operator", "restorer", "auditor", "administrator"] as const;
export type Role = (typeof roles)[number];

export const idSchema = z.string().min(1).max(60);

export const grantSchema = z.object({
  role: z.enum(roles),
  clusterId: idSchema.nullable().default(null),
  datacenter: z.string().trim().min(1).max(200).nullable().default(null),
});
export const grantsSchema = z
  .array(grantSchema)
  .max(50, "At most 50 grants")
  .refine((grants) => grants.every((grant) => grant.clusterId !== null || grant.datacenter === null), {
    message: "A datacenter needs its cluster",
  });

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
