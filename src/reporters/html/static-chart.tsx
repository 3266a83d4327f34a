import { scaleLinear, scaleUtc } from "d3-scale";
import { area, line } from "d3-shape";
import type { JSX } from "preact";
import { type Chart, formatX, formatY, rangeOf, type Series } from "./chart.ts";

const WIDTH = 640;
const HEIGHT = 240;
const MARGIN = { left: 58, right: 14, top: 12, bottom: 26 };
/** More points than pixels are only bytes. */
const MOST_POINTS = 320;

/** A chart as SVG: what is seen without JavaScript and on paper. */
export function StaticChart({ chart }: { chart: Chart }): JSX.Element {
  const { x, y, series } = chart;
  const [first, last] = [x.values[0] ?? 0, x.values.at(-1) ?? 1];
  const xScale = scaleLinear([first, last === first ? first + 1 : last], [MARGIN.left, WIDTH - MARGIN.right]);
  const yScale = scaleLinear(rangeOf(chart), [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(5);
  const place = { xs: x.values.map(xScale), y: yScale };
  return (
    <svg class="static" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={describe(chart)}>
      {chart.spans.map(({ from, to, name, tone }) => (
        <g class={`span ${tone}`}>
          <rect
            x={round(xScale(from))}
            y={MARGIN.top}
            width={round(Math.max(1, xScale(to) - xScale(from)))}
            height={HEIGHT - MARGIN.top - MARGIN.bottom}
          />
          {xScale(to) - xScale(from) > name.length * 6 && (
            <text x={round(xScale(from) + 4)} y={MARGIN.top + 11}>
              {name}
            </text>
          )}
        </g>
      ))}
      {yScale.ticks(5).map((tick) => (
        <g class="tick">
          <line
            x1={MARGIN.left}
            x2={WIDTH - MARGIN.right}
            y1={round(yScale(tick))}
            y2={round(yScale(tick))}
          />
          <text x={MARGIN.left - 6} y={round(yScale(tick) + 4)} text-anchor="end">
            {formatY(tick, y.unit)}
          </text>
        </g>
      ))}
      {xTicks(chart, first, last).map((tick) => (
        <text class="x-tick" x={round(xScale(tick))} y={HEIGHT - 8} text-anchor="middle">
          {formatX(tick, x.kind)}
        </text>
      ))}
      {series.map((one, index) => (
        <Shape one={one} next={series[index + 1]} {...place} />
      ))}
      {chart.levels.map(({ value, name, tone }) => (
        <g class={`level ${tone}`}>
          <line
            x1={MARGIN.left}
            x2={WIDTH - MARGIN.right}
            y1={round(yScale(value))}
            y2={round(yScale(value))}
          />
          <text
            x={x.kind === "day" ? MARGIN.left + 4 : WIDTH - MARGIN.right - 4}
            y={round(yScale(value) - 4)}
            text-anchor={x.kind === "day" ? "start" : "end"}
          >
            {name}
          </text>
        </g>
      ))}
      {chart.moments
        .filter(({ at }) => at >= first && at <= last)
        .map(({ at, name, tone }, index) => (
          <g class={`moment ${tone}`}>
            <line x1={round(xScale(at))} x2={round(xScale(at))} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
            <text
              x={round(xScale(at) + (xScale(at) > WIDTH * 0.7 ? -4 : 4))}
              y={HEIGHT - MARGIN.bottom - 6 - 13 * index}
              text-anchor={xScale(at) > WIDTH * 0.7 ? "end" : "start"}
            >
              {name}
            </text>
          </g>
        ))}
    </svg>
  );
}

interface Place {
  readonly xs: readonly number[];
  readonly y: (value: number) => number;
}

function Shape({ one, next, xs, y }: Place & { one: Series; next: Series | undefined }): JSX.Element | null {
  const { values, shape, tone } = one;
  if (shape === "range-end") return null;
  const every = Math.max(1, Math.ceil(values.length / MOST_POINTS));
  const points = values
    .map((value, index) => ({ at: xs[index] ?? 0, value, other: next?.values[index] ?? null }))
    .filter((_, index) => index % every === 0);
  if (shape === "points")
    return (
      <g class={`points ${tone}`}>
        {points.flatMap(({ at, value }) =>
          value === null ? [] : [<circle cx={round(at)} cy={round(y(value))} r="3.5" />],
        )}
      </g>
    );
  if (shape === "range") {
    const path = area<(typeof points)[number]>()
      .defined(({ value, other }) => value !== null && other !== null)
      .x(({ at }) => round(at))
      .y0(({ value }) => round(y(value ?? 0)))
      .y1(({ other }) => round(y(other ?? 0)))(points);
    return <path class={`range ${tone}`} d={path ?? ""} />;
  }
  const path = line<(typeof points)[number]>()
    .defined(({ value }) => value !== null)
    .x(({ at }) => round(at))
    .y(({ value }) => round(y(value ?? 0)))(points);
  return <path class={`line ${shape} ${tone}`} d={path ?? ""} />;
}

function xTicks({ x }: Chart, first: number, last: number): number[] {
  if (x.kind === "day")
    return scaleUtc([first * 1000, last * 1000], [0, 1])
      .ticks(6)
      .map((date) => date.getTime() / 1000);
  if (x.kind === "number") return scaleLinear([first, last], [0, 1]).ticks(7);
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
  const step = steps.find((one) => (last - first) / one <= 8) ?? 86_400;
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => index * step).filter(
    (tick) => tick >= first,
  );
}

/** What the picture shows, for those who do not see it. */
function describe({ title, y, series, levels, moments }: Chart): string {
  const lines = series
    .filter(({ shape }) => !shape.startsWith("range"))
    .flatMap(({ name, values }) => {
      const seen = values.filter((value): value is number => value !== null);
      if (seen.length === 0) return [];
      const [least, most] = [Math.min(...seen), Math.max(...seen)].map((value) => formatY(value, y.unit));
      return [`${name} between ${least} and ${most}`];
    });
  const others = [
    ...levels.map(({ name }) => name),
    ...moments.map(({ name, at }) => `${name} at ${formatX(at, "number")}`),
  ];
  return `${title}: ${[...lines, ...others.slice(0, levels.length)].join("; ")}`;
}

const round = (value: number) => Math.round(value * 10) / 10;
