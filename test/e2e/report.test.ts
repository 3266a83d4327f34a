import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { compareRuns } from "../../src/comparison/compare-runs.ts";
import { USUAL_CRITERIA } from "../../src/comparison/usual-criteria.ts";
import { judge } from "../../src/gate/judge.ts";
import { Capacity } from "../../src/model/capacity.ts";
import { capacityReporters } from "../../src/reporters/capacity/index.ts";
import { html } from "../../src/reporters/html/index.ts";
import { planReporters } from "../../src/reporters/plan/index.ts";
import { client, thresholds } from "../canonical.ts";
import { canonicalPlan } from "../canonical-plan.ts";
import { simulatedRun } from "../simulated-run.ts";
import { closeBrowser, look } from "./browser.ts";
import { headroom, temporaryFolder } from "./cli.ts";

const HOSTILE = `<img src=x onerror="alert(1)"></script><script>alert(2)</script>"'&\u001b[31m`;
const SHOP = [
  { name: "search", perSecond: 60, medianMs: 40, sigma: 0.6 },
  { name: "buy", perSecond: 30, medianMs: 25, sigma: 0.5, failedRatio: 0.01 },
];

const folder = temporaryFolder();
const pages = { run: "", capacity: "", plan: "", hostile: "" };

function write(name: string, files: readonly { readonly text: string }[]): string {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, files[0]?.text ?? "");
  return path;
}

/** The page of a run, with a baseline; `text` stands wherever text from outside can. */
function runPage(name: string, text: string | null): string {
  const endpoints = text === null ? SHOP : SHOP.map((one) => ({ ...one, name: `${one.name} ${text}` }));
  const simulated = simulatedRun(2, endpoints);
  const run =
    text === null
      ? simulated
      : {
          ...simulated,
          system: text,
          asked: { ...simulated.asked, target: text, command: text, scenario: text },
          checks: [{ name: text, passes: 1, fails: 1 }],
          errors: [{ kind: text, count: 3 }],
        };
  const comparison = compareRuns([simulatedRun(1, endpoints)], [run], USUAL_CRITERIA);
  const criteria = thresholds([
    client(),
    client({ id: "p95-tight", bound: { operator: "<=", value: 60 }, why: text ?? "people leave" }),
  ]);
  return write(name, html.render({ run, verdict: judge(run, criteria, "run.json", comparison), comparison }));
}

beforeAll(async () => {
  pages.run = runPage("run", null);
  pages.hostile = runPage("hostile", HOSTILE);
  const steps = [20, 40, 80, 120, 160, 200, 220].map((rate) => ({
    offered: rate,
    achieved: Math.min(rate, 190),
    sustained: null,
    meanMs: 30 + rate / 4,
    p95Ms: 60 + rate,
    errorRatio: 0,
    concurrency: (rate * (30 + rate / 4)) / 1000,
    valid: true,
    holds: rate < 190,
    brokenBy: rate < 190 ? null : "latency: p95 over the limit",
  }));
  const capacity = Capacity.parse({
    ...JSON.parse(readFileSync("test/fixtures/capacity.json", "utf8")),
    maxRatePerSecond: { low: 160, mid: 180, high: 200 },
    limits: [{ id: "p95", metric: "http_req_duration", stat: "p95", limit: 240 }],
    usl: {
      alpha: 0.02,
      beta: 0.001,
      gamma: 30,
      peakConcurrency: 31,
      intervals: { alpha: { low: 0.01, high: 0.03 } },
    },
    steps,
  });
  pages.capacity = write("capacity", capacityReporters.html?.render(capacity) ?? []);
  const out = temporaryFolder();
  const planned = await headroom([
    "plan",
    "ralph",
    "--history",
    "sample",
    "--capacity",
    "none",
    "--event",
    "2027-01-15:+30%:launch",
    "--out",
    out,
    "--format",
    "html",
  ]);
  expect(planned.exitCode, planned.stderr).toBe(0);
  pages.plan = join(out, "report.html");
}, 60_000);
afterAll(closeBrowser);

const KINDS = ["run", "capacity", "plan"] as const;

describe.skipIf(inject("chromium") === null)("report.html in Chromium", () => {
  it.each(KINDS)(
    "%s draws its charts, asks for nothing and complains of nothing, at both widths, light and dark",
    async (kind) => {
      for (const width of [1280, 390])
        for (const isDark of [false, true])
          await look(pages[kind], { width, isDark }, async ({ page, complaints }) => {
            await page.waitForSelector("figure.is-live canvas");
            const figures = await page.locator("figure.chart").count();
            expect(await page.locator("figure.is-live canvas").count()).toBe(figures);
            expect(figures).toBeGreaterThan(0);
            // Something was painted: not every pixel of the canvas is the same.
            const colours = await page
              .locator("figure.is-live canvas")
              .first()
              .evaluate((canvas: HTMLCanvasElement) => {
                const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
                  0,
                  0,
                  canvas.width,
                  canvas.height,
                );
                return new Set(new Uint32Array(data.buffer)).size;
              });
            expect(colours).toBeGreaterThan(5);
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
              width,
            );
            expect(complaints).toEqual([]);
          });
    },
  );

  it.each(KINDS)("%s tells values under the pointer and under the arrow keys", async (kind) => {
    await look(pages[kind], {}, async ({ page }) => {
      const figure = page.locator("figure.is-live").first();
      const value = figure.locator(".u-legend .u-value").first();
      expect(await value.textContent()).toBe("–");
      await figure.locator(".u-over").hover();
      await expect.poll(() => value.textContent()).not.toBe("–");
      const other = page.locator("figure.is-live").last();
      await other.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => other.locator(".u-legend .u-value").first().textContent()).not.toBe("–");
    });
  });

  it.each(KINDS)("%s is whole without JavaScript: pictures, tables, the headline", async (kind) => {
    await look(pages[kind], { hasScript: false }, async ({ page }) => {
      const pictures = page.locator("svg.static");
      expect(await pictures.count()).toBeGreaterThan(0);
      expect(await pictures.first().isVisible()).toBe(true);
      expect((await pictures.first().getAttribute("aria-label"))?.length).toBeGreaterThan(20);
      expect(await page.locator("svg.static path.line, svg.static circle").count()).toBeGreaterThan(0);
      expect(await page.locator(".verdict strong").isVisible()).toBe(true);
      expect(await page.locator("table tbody tr").count()).toBeGreaterThan(2);
      expect(
        await page
          .locator("select")
          .isVisible()
          .catch(() => false),
      ).toBe(false);
    });
  });

  it.each(KINDS)("%s prints: dark ink on white paper, vector pictures, every argument open", async (kind) => {
    // An A4 page between margins of 12 mm.
    await look(pages[kind], { isDark: true, width: 703 }, async ({ page }) => {
      await page.waitForSelector("figure.is-live canvas");
      await page.emulateMedia({ media: "print" });
      // Paper does not scroll: what is wider than it is lost.
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll("main *, header *")]
          .filter(
            (element) => !element.closest("svg") && element.getBoundingClientRect().right > innerWidth + 1,
          )
          .map((element) => element.textContent),
      );
      expect(cut).toEqual([]);
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
        "rgb(255, 255, 255)",
      );
      expect(await page.locator("figure .live").first().isVisible()).toBe(false);
      expect(await page.locator("svg.static").first().isVisible()).toBe(true);
      expect(await page.locator("details:not([open])").count()).toBe(0);
      expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(10_000);
    });
  });

  it.each(KINDS)(
    "%s is legible: letters of 11 px and more, with a contrast of 4.5 to 1 (WCAG AA)",
    async (kind) => {
      for (const width of [1280, 390])
        for (const isDark of [false, true])
          await look(pages[kind], { width, isDark }, async ({ page }) => {
            const faint = await page.evaluate(() => {
              const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
              const luminance = (color: string) => {
                const [r = 0, g = 0, b = 0] = numbers(color).map((part) => {
                  const share = part / 255;
                  return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const paperOf = (element: Element | null): string => {
                if (element === null) return "rgb(255, 255, 255)";
                const color = getComputedStyle(element).backgroundColor;
                return numbers(color)[3] === 0 ? paperOf(element.parentElement) : color;
              };
              const written = [...document.querySelectorAll("body *")].filter(
                (element) =>
                  !element.closest("svg, script, .skip") &&
                  [...element.childNodes].some(
                    ({ nodeType, textContent }) => nodeType === 3 && textContent?.trim(),
                  ) &&
                  (element as HTMLElement).offsetParent !== null,
              );
              return written.flatMap((element) => {
                const { color, fontSize } = getComputedStyle(element);
                const [a, b] = [luminance(color), luminance(paperOf(element))].sort((x, y) => y - x) as [
                  number,
                  number,
                ];
                const ratio = (a + 0.05) / (b + 0.05);
                return ratio < 4.5 || Number.parseFloat(fontSize) < 11
                  ? [`${element.textContent}: ${ratio}, ${fontSize}`]
                  : [];
              });
            });
            expect(faint).toEqual([]);
          });
    },
  );

  it("one endpoint's course takes the place of all requests'", async () => {
    await look(pages.run, {}, async ({ page }) => {
      const rate = page.locator("#chart-rate");
      const read = async () => {
        await rate.focus();
        await page.keyboard.press("ArrowRight");
        return rate.locator(".u-legend .u-value").nth(1).textContent();
      };
      expect(await read()).toBe("90/s");
      await page.selectOption("select", "search");
      expect(await read()).toBe("60/s");
    });
  });

  it("hostile text is text", async () => {
    await look(pages.hostile, {}, async ({ page, complaints }) => {
      await page.waitForSelector("figure.is-live canvas");
      expect(complaints).toEqual([]);
      expect(await page.locator("img").count()).toBe(0);
      expect(await page.locator("h1").textContent()).toContain('<img src=x onerror="alert(1)">');
      expect(await page.title()).toContain("<img src=x");
    });
    expect(readFileSync(pages.hostile, "utf8")).not.toContain("\u001b");
  });

  it("stays small: an ordinary run, and one of a day second by second", () => {
    for (const kind of KINDS) expect(statSync(pages[kind]).size, kind).toBeLessThan(400_000);
    const run = simulatedRun(1, [{ name: "search", perSecond: 2, medianMs: 40, sigma: 0.6 }], {
      seconds: 86_400,
    });
    const [page] = html.render({ run, verdict: judge(run, thresholds([client()]), "run.json") });
    expect(page?.text.length).toBeLessThan(400_000);
    expect(page?.text).toContain("A point covers 144 s");
  });

  it("a plan that could size nothing, and one without series, have a page", async () => {
    const plan = { ...canonicalPlan(HOSTILE), series: [] };
    const path = write("bare", planReporters.html?.render(plan) ?? []);
    await look(path, {}, async ({ page, complaints }) => {
      expect(complaints).toEqual([]);
      expect(await page.locator("figure").count()).toBe(0);
      expect(await page.locator(".verdict").textContent()).toContain("<img src=x");
    });
  });
});
