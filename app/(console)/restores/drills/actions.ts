"use server";

import { action } from "#app/_server/action.ts";

export const startDrill = action("drills.start");
export const cancelDrill = action("drills.cancel");
export const saveDrillSchedule = action("drills.saveSchedule");
export const removeDrillSchedule = action("drills.removeSchedule");
