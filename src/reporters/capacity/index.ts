import type { Capacity } from "../../model/capacity.ts";
import { renderCapacityPage } from "../html/capacity-page.tsx";
import type { RenderedFile } from "../report.ts";

export interface CapacityReporter {
  readonly describes: string;
  render(capacity: Capacity): readonly RenderedFile[];
}

/** What `capacity --format` takes. */
export const capacityReporters: Readonly<Record<string, CapacityReporter>> = {
  json: {
    describes: "capacity.json: what `plan` divides by",
    render: (capacity) => [{ name: "capacity.json", text: `${JSON.stringify(capacity, null, 2)}\n` }],
  },
  html: {
    describes: "report.html: the curve to look at, in one file",
    render: (capacity) => [{ name: "report.html", text: renderCapacityPage(capacity) }],
  },
};
