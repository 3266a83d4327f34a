/** Where runs, capacities and plans are kept; a mounted artefact store is named by HEADROOM_REPORTS. */
export const reportsFolder = (): string => process.env.HEADROOM_REPORTS || "reports";
