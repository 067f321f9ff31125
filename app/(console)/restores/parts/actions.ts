"use server";

import { action } from "#app/_server/action.ts";

export const planRecovery = action("recoveries.plan");
export const applyRecovery = action("recoveries.apply");
export const undoRecovery = action("recoveries.undo");
