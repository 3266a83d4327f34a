import { type Browser, chromium, type Page } from "playwright-core";
import { inject } from "vitest";

export interface Seen {
  readonly page: Page;
  /** Errors of the console and of the page, and every request beyond the file itself. */
  readonly complaints: string[];
}

let browser: Promise<Browser> | null = null;
const launch = () => {
  browser ??= chromium.launch({ executablePath: inject("chromium") ?? "", args: ["--no-sandbox"] });
  return browser;
};

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

/** A file in real Chromium while `use` looks at it. */
export async function look<T>(
  file: string,
  {
    width = 1280,
    isDark = false,
    hasScript = true,
  }: { width?: number; isDark?: boolean; hasScript?: boolean },
  use: (seen: Seen) => Promise<T>,
): Promise<T> {
  const context = await (await launch()).newContext({
    viewport: { width, height: 900 },
    colorScheme: isDark ? "dark" : "light",
    javaScriptEnabled: hasScript,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== `file://${file}`) complaints.push(`asked for ${request.url()}`);
  });
  page.on("dialog", (dialog) => {
    complaints.push(`opened "${dialog.message()}"`);
    void dialog.dismiss();
  });
  try {
    await page.goto(`file://${file}`);
    return await use({ page, complaints });
  } finally {
    await context.close();
  }
}
