import { describe, expect, it } from "vitest";
import { redactCommand } from "../../src/cli/redact.ts";

describe("redactCommand", () => {
  it.each([
    [
      ["gate", "shop", "--target", "http://me:canary@host/x?token=canary"],
      "headroom gate shop --target 'http://***@host/x'",
    ],
    [["plan", "--prometheus-token", "canary"], "headroom plan --prometheus-token '***'"],
    [["stress", "--header=Authorization: canary"], "headroom stress '--header=***'"],
    [["gate", "--header", "X: canary", "--quiet"], "headroom gate --header '***' --quiet"],
    [["gate", "it's"], "headroom gate 'it'\\''s'"],
  ])("%j", (args, shown) => expect(redactCommand(args)).toBe(shown));
});
