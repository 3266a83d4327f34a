// How long a command takes before it does anything: `--help`, a small command and bare Node.
//   node bench/start-up.mjs [repeats]
import { cli, findK6, interleave, measure, median, report } from "./lib.mjs";

const repeats = Number(process.argv[2] ?? 15);
const k6 = findK6();
const run =
  (...command) =>
  () =>
    measure(command).seconds;
const results = interleave(repeats, {
  "node -e 0": run(process.execPath, "-e", "0"),
  "headroom --help": run(process.execPath, cli, "--help"),
  "headroom systems": run(process.execPath, cli, "systems"),
  "headroom check ralph": run(process.execPath, cli, "check", "ralph"),
  "k6 version": run(k6, "version"),
});
report(
  "start-up",
  `medians of ${repeats} interleaved runs`,
  Object.entries(results).map(([name, seconds]) => ({
    name,
    seconds: median(seconds).toFixed(3),
    "of node": (median(seconds) / median(results["node -e 0"])).toFixed(1),
  })),
);
