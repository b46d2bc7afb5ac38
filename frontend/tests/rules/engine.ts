/** What the script beside this file runs: the engine as the page has it. */
export { canonical } from "../../src/canonical";
export { disclosed } from "../../src/rules/disclosed";
export { decide, Screener, screen } from "../../src/rules/engine";
export { readBook } from "../../src/rules/load";
export { propose } from "../../src/rules/propose";
