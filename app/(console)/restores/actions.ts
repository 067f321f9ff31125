"use server";

import { action } from "#app/_server/action.ts";

export const startRestore = action("restores.start");
export const cancelRestore = action("restores.cancel");
