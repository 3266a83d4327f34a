/** Where runs, capacities and plans are kept; a mounted artefact store is named by HEADROOM_REPORTS. */
export const reportsFolder = (): string => process.env.HEADROOM_REPORTS || "reports";

/** `20261120-120000`, UTC: names by it sort by time. */
export const timeStamp = () => new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
