"use server";

import { action } from "#app/_server/action.ts";

export const createCluster = action("clusters.create");
export const updateCluster = action("clusters.update");
export const removeCluster = action("clusters.remove");
export const testConnection = action("clusters.test");
