import type { Commands } from "../run.ts";

export const adminCommands: Commands = {
  token: () => import("./token.ts"),
  user: () => import("./user.ts"),
  audit: () => import("./audit.ts"),
  import: () => import("./import.ts"),
};
