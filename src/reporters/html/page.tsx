import type { ComponentChildren, JSX, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import uplotStyle from "uplot/dist/uPlot.min.css?text";
import { stripControls } from "../safe-text.ts";
import type { Chart } from "./chart.ts";
import script from "./client/index.ts?bundle";
import { StaticChart } from "./static-chart.tsx";
import style from "./style.css?text";

/** Nothing is fetched, whatever a name or a URL in the page says. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** One file that needs nothing else: style, data and script are inside. */
export function renderPage({
  title,
  charts,
  children,
}: {
  title: string;
  charts: readonly Chart[];
  children: ComponentChildren;
}): string {
  const body = renderToString(
    (
      <body>
        <a class="skip" href="#main">
          To the content
        </a>
        {children}
      </body>
    ) as VNode,
  );
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    renderToString(<title>{clean(title)}</title>),
    `<style>${uplotStyle}${style}</style>`,
    '<script>document.documentElement.classList.add("js")</script>',
    "</head>",
    body.replace(
      "</body>",
      `<script type="application/json" id="charts">${embed(charts)}</script><script>${script}</script></body>`,
    ),
    "</html>",
    "",
  ].join("\n");
}

/** JSON that cannot end the script element it stands in. */
const embed = (value: unknown) =>
  JSON.stringify(value, (_, part) => (typeof part === "string" ? clean(part) : part))
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");

/** Text without control characters; Preact escapes the rest. */
export const clean = (text: string): string => stripControls(text);

export function Figure({ chart }: { chart: Chart }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read values from a chart that has the focus
    <figure class="chart" id={chart.id} tabIndex={0}>
      <figcaption>
        <h3>{clean(chart.title)}</h3>
      </figcaption>
      <StaticChart chart={chart} />
      <div class="legend" aria-hidden="true">
        {chart.series
          .filter(({ shape }) => shape !== "range-end")
          .map(({ name, tone }) => (
            <span class={`key ${tone}`}>{clean(name)}</span>
          ))}
      </div>
      <div class="live" aria-hidden="true" />
      {chart.note && <p class="note">{clean(chart.note)}</p>}
    </figure>
  );
}

export interface Column {
  readonly name: string;
  readonly isNumber?: boolean;
}

/** A table that scrolls by itself where the page is narrow. */
export function Table({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: readonly Column[];
  rows: readonly { readonly cells: readonly ComponentChildren[]; readonly below?: ComponentChildren }[];
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isNumber }) => (
              <th scope="col" class={isNumber ? "n" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.flatMap(({ cells, below }) => [
            <tr class={below ? "has-why" : undefined}>
              {cells.map((cell, index) => (
                <td class={columns[index]?.isNumber ? "n" : columns[index]?.name === "" ? "tight" : "wide"}>
                  {cell}
                </td>
              ))}
            </tr>,
            ...(below
              ? [
                  <tr class="why">
                    <td colSpan={columns.length}>
                      <div>{below}</div>
                    </td>
                  </tr>,
                ]
              : []),
          ])}
        </tbody>
      </table>
    </section>
  );
}

export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }): JSX.Element {
  return <dl>{facts.flatMap(([name, value]) => [<dt>{name}</dt>, <dd>{value}</dd>])}</dl>;
}
