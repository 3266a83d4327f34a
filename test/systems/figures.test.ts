import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderFigures } from "../../src/systems/figures.ts";
import { listSystems } from "../../src/systems/list-systems.ts";
import { problemsOf } from "../problems-of.ts";

const read = (file: string) => readFileSync(file, "utf8");

describe("the figures of the guides", () => {
  it.each(listSystems("."))("%s: each stands where its page says", async (system) => {
    const source = `docs/systems/${system}.yaml`;
    await expect(renderFigures(read(source), source, read)).toMatchFileSnapshot(
      `../../docs/systems/${system}.md`,
    );
  });

  it("one that has left its file is named, with the line that says where it was", () => {
    const source =
      "system: shop\nguide: guide\nsections:\n  - section: Limits\n    figures:\n      - [CPU 2, 'a.yaml :: cpu: 2']\n      - [CPU 3, 'a.yaml :: cpu: 3']\n      - [disk, '- no disk is sized']\n";
    const problems = problemsOf(() => renderFigures(source, "shop.yaml", () => "x\ncpu: 2\n"));
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [7, 'a.yaml has no line with "cpu: 3"'],
    ]);
    const page = renderFigures(source.replace("cpu: 3", "cpu"), "shop.yaml", () => "x\ncpu: 2\n");
    expect(page).toContain("| Limits | CPU 3 | [a.yaml:2](../../a.yaml#L2) |");
    expect(page).toContain("| Limits | disk | not used: no disk is sized |");
    expect(page).toContain("Of its 3 figures 2 stand in our files");
  });
});
