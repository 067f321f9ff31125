"use server";

import { action } from "#app/_server/action.ts";

export const startPreflight = action("restores.startPreflight");
export const checkToken = action("restores.checkToken");
export const startRestore = action("restores.start");
export const requestRestore = action("restores.request");
export const approveRestore = action("restores.approve");
export const declineRestore = action("restores.decline");
export const cancelRestore = action("restores.cancel");
export const checkAgain = action("restores.checkAgain");
export const finishWatch = action("restores.finishWatch");
export const returnToSafety = action("restores.returnToSafety");
