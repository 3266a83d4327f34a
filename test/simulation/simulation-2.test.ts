import { holdsItsProperties } from "./sweep.ts";

// Beside the first ten thousand, on another core.
holdsItsProperties(10_001, 10_000);
