import { holdsItsProperties } from "./sweep.ts";

const RUNS = 1_000_000;
const CHUNK = 20_000;

// Chunk by chunk, so that one that was ended goes on from where it was: HEADROOM_FROM=400001.
for (let from = Number(process.env.HEADROOM_FROM ?? 1); from <= RUNS; from += CHUNK)
  holdsItsProperties(from, CHUNK);
