import { WRONG_ANSWERS } from "../../scenarios/lib/answers.ts";

/** k6's own metrics by type (grafana.com/docs/k6, Built-in metrics); times are in ms. */

export const TRENDS: readonly string[] = [
  "http_req_duration",
  "http_req_waiting",
  "http_req_blocked",
  "http_req_connecting",
  "http_req_tls_handshaking",
  "http_req_sending",
  "http_req_receiving",
  "iteration_duration",
  "group_duration",
];
/** The last is Headroom's own. */
export const RATES: readonly string[] = ["http_req_failed", "checks", WRONG_ANSWERS];
export const COUNTERS: readonly string[] = [
  "http_reqs",
  "iterations",
  "dropped_iterations",
  "data_sent",
  "data_received",
];
export const GAUGES: readonly string[] = ["vus", "vus_max"];
