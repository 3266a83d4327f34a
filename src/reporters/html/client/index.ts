import uPlot from "uplot";
import { type Chart, formatX, formatY, rangeOf, type Tone } from "../chart.ts";

/** Runs in the reader's browser: draws every chart again so that it can be pointed at. Without it the SVG stays. */
const data = document.getElementById("charts");
const charts = JSON.parse(data?.textContent ?? "[]") as Chart[];
const drawn = new Map<string, uPlot>();
const sync = uPlot.sync("elapsed");

const toneOf = (tone: Tone) => getComputedStyle(document.body).getPropertyValue(`--${tone}`).trim();
const ink = () => getComputedStyle(document.body).getPropertyValue("--ink-2").trim();
const grid = () => getComputedStyle(document.body).getPropertyValue("--line").trim();

function draw(chart: Chart, variant: string | null): void {
  const figure = document.getElementById(chart.id);
  const host = figure?.querySelector<HTMLElement>(".live");
  if (!figure || !host) return;
  drawn.get(chart.id)?.destroy();
  const values =
    (variant === null ? null : chart.variants?.[variant]) ?? chart.series.map((one) => one.values);
  const shown = {
    ...chart,
    series: chart.series.map((one, index) => ({ ...one, values: values[index] ?? [] })),
  };
  const width = Math.max(240, figure.clientWidth);
  const plot = new uPlot(
    optionsOf(shown, width),
    [[...chart.x.values], ...values.map((one) => [...one])] as uPlot.AlignedData,
    host,
  );
  drawn.set(chart.id, plot);
  figure.classList.add("is-live");
}

function optionsOf(chart: Chart, width: number): uPlot.Options {
  const { x, y } = chart;
  const say = (value: number | null) => (value === null ? "–" : formatY(value, y.unit));
  const bands = chart.series.flatMap(({ shape, tone }, index) =>
    shape === "range"
      ? [{ series: [index + 2, index + 1] as [number, number], fill: `${toneOf(tone)}33` }]
      : [],
  );
  const axis = { stroke: ink(), grid: { stroke: grid(), width: 1 }, ticks: { stroke: grid(), width: 1 } };
  return {
    width,
    height: Math.min(300, Math.max(200, width * 0.42)),
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: {
      x: { time: x.kind === "day" },
      y: { range: (_, low, high) => rangeIncluding(chart, low, high) },
    },
    axes: [
      {
        ...axis,
        ...(x.kind === "day"
          ? {}
          : { values: (_: uPlot, ticks: number[]) => ticks.map((tick) => formatX(tick, x.kind)) }),
      },
      { ...axis, size: 70, values: (_, ticks) => ticks.map((tick) => formatY(tick, y.unit)) },
    ],
    cursor: x.kind === "elapsed" ? { sync: { key: sync.key } } : {},
    bands,
    series: [
      { label: x.label, value: (_, value) => (value === null ? "–" : formatX(value, x.kind)) },
      ...chart.series.map(({ name, shape, tone }) => ({
        label: name,
        stroke: toneOf(tone),
        width: shape.startsWith("range") ? 0 : 1.75,
        value: (_: uPlot, value: number | null) => say(value),
        ...(shape === "dashed" ? { dash: [6, 4] } : {}),
        ...(shape === "points"
          ? { paths: () => null, points: { show: true, size: 7, fill: toneOf(tone) } }
          : { points: { show: false } }),
      })),
    ],
    hooks: { drawClear: [(plot) => spans(plot, chart)], draw: [(plot) => marks(plot, chart)] },
  };
}

/** What is plotted and every level that belongs to it. */
function rangeIncluding(chart: Chart, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  return rangeOf({
    series: [{ name: "", values: [low, high], shape: "line", tone: "muted" }],
    levels: chart.levels,
  });
}

function spans(plot: uPlot, chart: Chart): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  for (const { from, to, name, tone } of chart.spans) {
    const [left, right] = [plot.valToPos(from, "x", true), plot.valToPos(to, "x", true)];
    ctx.fillStyle = `${toneOf(tone)}1a`;
    ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
    ctx.fillStyle = ink();
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    if (right - left > ctx.measureText(name).width + 8)
      ctx.fillText(name, left + 4, bbox.top + 12 * devicePixelRatio);
  }
  ctx.restore();
}

function marks(plot: uPlot, chart: Chart): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  const stroke = (tone: Tone, x1: number, y1: number, x2: number, y2: number) => {
    ctx.strokeStyle = toneOf(tone);
    ctx.fillStyle = toneOf(tone);
    ctx.beginPath();
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    ctx.stroke();
  };
  for (const { value, name, tone } of chart.levels) {
    const y = plot.valToPos(value, "y", true);
    stroke(tone, bbox.left, y, bbox.left + bbox.width, y);
    // Above the line, unless that is outside the picture. On the side that is empty: phases have
    // their names at the left, forecasts rise at the right.
    const isLeft = chart.x.kind === "day";
    ctx.textAlign = isLeft ? "left" : "right";
    const above = y - 4 * devicePixelRatio;
    const isOutside = above - 11 * devicePixelRatio < bbox.top;
    ctx.fillText(
      name,
      isLeft ? bbox.left + 4 : bbox.left + bbox.width - 4,
      isOutside ? y + 13 * devicePixelRatio : above,
    );
  }
  chart.moments.forEach(({ at, name, tone }, index) => {
    const x = plot.valToPos(at, "x", true);
    stroke(tone, x, bbox.top, x, bbox.top + bbox.height);
    const isRight = x > bbox.left + bbox.width * 0.7;
    ctx.textAlign = isRight ? "right" : "left";
    ctx.fillText(name, x + (isRight ? -4 : 4), bbox.top + bbox.height - (6 + 13 * index) * devicePixelRatio);
  });
  ctx.restore();
}

const select = document.querySelector<HTMLSelectElement>("select[data-variant]");
const drawAll = () => {
  for (const chart of charts) draw(chart, select?.value || null);
};
select?.addEventListener("change", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
let resizing = 0;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = window.setTimeout(drawAll, 120);
});
/** The arrow keys move the cursor, so that values can be read without a mouse. */
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const figure = (event.target as HTMLElement).closest?.("figure.chart");
  const plot = figure ? drawn.get(figure.id) : undefined;
  if (step === undefined || !plot) return;
  const index = Math.min(plot.data[0].length - 1, Math.max(0, (plot.cursor.idx ?? -1) + step));
  plot.setCursor({ left: plot.valToPos(plot.data[0][index] ?? 0, "x"), top: 10 });
  event.preventDefault();
});
// On paper every argument is read.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
drawAll();
