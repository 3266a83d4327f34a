import type { RequestListener } from "node:http";
import { describe, expect, inject, it } from "vitest";
import { settledGate, withServer, withTestbed } from "./cli.ts";
import { withPrometheus } from "./prometheus-server.ts";

/**
 * A store whose clock is ahead: what it is asked about a time it answers with what it had that much earlier, and its
 * Date says so. (A real clock cannot be moved in a test.)
 */
const clockAhead =
  (store: string, aheadMs: number): RequestListener =>
  async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    for (const name of ["start", "end", "time"])
      if (form.has(name)) form.set(name, String(Number(form.get(name)) - aheadMs / 1000));
    // Its scrapes bear its own times.
    if (form.get("query")?.includes("timestamp(up)")) form.set("query", `${form.get("query")} + ${aheadMs}`);
    const answer = await fetch(`${store}${request.url}`, { method: "POST", body: form });
    response.writeHead(answer.status, { Date: new Date(Date.now() + aheadMs).toUTCString() });
    response.end(await answer.text());
  };

describe.skipIf(inject("prometheus") === null).concurrent("a store whose clock is wrong", () => {
  it.each([120_000, -120_000])("by %d ms is asked about the run at its own time", async (aheadMs) => {
    await withTestbed(["pynomaly", "--errors", "8%"], (url) =>
      withPrometheus({ scrape: { url, path: "/metrics" } }, (prometheus) =>
        withServer(clockAhead(prometheus, aheadMs), async (skewed) => {
          const load = ["--scenario", "smoke", "--duration", "12s", "--engine", "autocannon"];
          const { verdict, stderr } = await settledGate([
            "pynomaly",
            "--target",
            url,
            "--prometheus",
            skewed,
            ...load,
          ]);
          expect(verdict.criteria.find(({ id }) => id === "server-errors")?.status).toBe("fail");
          // A server tells its time in whole seconds, and on a busy machine the question takes one more.
          const direction = aheadMs > 0 ? "ahead of" : "behind";
          expect(stderr).toMatch(
            new RegExp(`the store's clock is 1(19|2[012]) s ${direction} this machine's`),
          );
        }),
      ),
    );
  });
});
