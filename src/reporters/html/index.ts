import type { Reporter } from "../report.ts";
import { renderRunPage } from "./run-page.tsx";

export const html: Reporter = {
  describes: "report.html: the run to look at, in one file",
  render: (report) => [{ name: "report.html", text: renderRunPage(report) }],
};
