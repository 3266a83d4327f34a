// The pictures of README and docs in Chromium, taken from the reports of `npm run demo` and of
//   headroom testbed pynomaly --workers 4 --instances 4
//   headroom capacity pynomaly --target http://127.0.0.1:8000 --instances 4 --from-rate 40 --out reports/pynomaly/measured
//   node docs/images/take.mjs
// With FILE OUT WIDTH…: any report at any widths, dark and without JavaScript too, to look at.
import { chromium } from "playwright-core";

const PICTURES = [
  { report: "demo-faulty", name: "run", height: 900 },
  { report: "measured", name: "capacity", height: 700 },
  { report: "demo-plan", name: "plan", height: 1180 },
];
const root = new URL("../..", import.meta.url).pathname;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

async function take(file, path, { width, height, isDark = false, hasScript = true, isWhole = false }) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: isDark ? "dark" : "light",
    javaScriptEnabled: hasScript,
  });
  const page = await context.newPage();
  await page.goto(`file://${file}`);
  await page.waitForTimeout(300);
  await page.screenshot({ path, fullPage: isWhole });
  await context.close();
}

const [file, out, ...widths] = process.argv.slice(2);
if (file === undefined)
  for (const { report, name, height } of PICTURES)
    await take(`${root}reports/pynomaly/${report}/report.html`, `${root}docs/images/${name}.png`, {
      width: 1180,
      height,
    });
else
  for (const width of widths.map(Number)) {
    const look = { width, height: 900, isWhole: true };
    await take(file, `${out}-${width}.png`, look);
    await take(file, `${out}-${width}-dark.png`, { ...look, isDark: true });
    await take(file, `${out}-${width}-plain.png`, { ...look, hasScript: false });
  }
await browser.close();
