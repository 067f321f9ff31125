"use server";

import { action } from "#app/_server/action.ts";

export const verifyChain = action("audit.verify");
export const exportEntries = action("audit.export");
