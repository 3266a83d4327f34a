import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { byAddress, requireAllowedTargets } from "../../src/cli/target-guard.ts";
import { isNear } from "../../src/model/address.ts";

const requireAllowedTarget = (target: string, root: string, allowed: string[] = []) =>
  requireAllowedTargets([target], root, allowed);

describe("targets that may be loaded", () => {
  it.each([
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.1.1",
    "100.64.0.1",
    "::1",
    "fd00::1",
    "fe80::1",
    "::ffff:10.0.0.1",
  ])("%s is near", (address) => expect(isNear(address)).toBe(true));

  it.each(["8.8.8.8", "172.32.0.1", "192.169.0.1", "11.0.0.1", "2001:db8::1", "::ffff:8.8.8.8"])(
    "%s is far",
    (address) => expect(isNear(address)).toBe(false),
  );

  it("refuses a far one until it is named, on the command line or in headroom.yaml", async () => {
    const root = mkdtempSync(join(tmpdir(), "headroom-root-"));
    await expect(requireAllowedTarget("http://8.8.8.8:80/x", root)).rejects.toThrow(
      /--allow-target 8\.8\.8\.8/,
    );
    await expect(requireAllowedTarget("http://[2001:db8::1]/", root)).rejects.toThrow(/neither loopback/);
    await requireAllowedTarget("http://8.8.8.8/", root, ["8.8.8.8"]);
    writeFileSync(join(root, "headroom.yaml"), "allowTargets: [8.8.8.8]\n");
    await requireAllowedTarget("http://8.8.8.8/", root);
    writeFileSync(join(root, "headroom.yaml"), "allowTarget: [8.8.8.8]\n");
    await expect(requireAllowedTarget("http://8.8.8.8/", root)).rejects.toThrow(/unknown key "allowTarget"/);
    await requireAllowedTarget("http://localhost:1/", mkdtempSync(join(tmpdir(), "headroom-root-")));
  });

  it("gives threads, which look names up by themselves, an address that was checked", async () => {
    expect(await byAddress("http://127.0.0.1:8000/x")).toBeNull();
    expect(await byAddress("http://localhost:8000/x")).toBeNull();
    const { hostname } = await import("node:os");
    const own = await byAddress(`http://${hostname()}:8000/x?y=1`).catch(() => null);
    // A machine need not know its own name.
    if (own !== null)
      expect(own).toEqual({
        url: expect.stringMatching(/^http:\/\/[\d.[\]a-f:]+:8000\/x\?y=1$/),
        host: `${hostname().toLowerCase()}:8000`,
        servername: hostname().toLowerCase(),
      });
  });
});
