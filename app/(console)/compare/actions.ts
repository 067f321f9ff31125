"use server";

import { action } from "#app/_server/action.ts";

export const startComparison = action("comparisons.start");
export const revealDifference = action("comparisons.reveal");
export const exportComparison = action("comparisons.export");
