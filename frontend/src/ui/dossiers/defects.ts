/**
 * Which rules a defect usually comes from, for whoever sends a request back: a proposal that they
 * tick or not (UNTOC 18(15)-(16), Nassau 26; docs/requests.md). Pure.
 */

const RULES: Readonly<Record<string, readonly string[] | undefined>> = {
  D01: ["UNTOC-18-15-C", "COMP-FACTS-FIVE", "NASSAU-26-A", "NASSAU-26-A-FACTS"],
  D02: ["NEXUS-STATED", "NEXUS-CA-GROUNDS", "NEXUS-US-CONTENT"],
  D03: ["UNTOC-18-15-E", "SPEC-ADDRESS"],
  D04: ["BASIS-EXISTS", "BASIS-ARTICLES", "BASIS-IN-FORCE", "THRESH-UNTOC-4Y", "DUAL-CONDUCT"],
  D05: ["LANG-ACCEPTED", "LANG-ANNEXES", "LANG-MACHINE"],
  D06: ["UNTOC-18-15-A", "UNTOC-18-15-B", "CHAN-RIGHT-AUTHORITY", "CHAN-CENTRAL"],
  D07: ["FORM-AUTHENTIC", "FORM-CERT", "NASSAU-26-B", "NASSAU-26-C", "COMP-LAW-TEXT"],
  D08: ["UNTOC-18-15-D", "UNTOC-18-15-D-DATA", "NASSAU-26-D", "SPEC-PERIOD", "SPEC-FISHING"],
};

/** Codes of defects that have rules. */
export const DEFECTS: readonly string[] = Object.keys(RULES);

/** By id, each once, in the order of the codes. */
export const rulesOfDefects = (codes: readonly string[]): string[] => [
  ...new Set(DEFECTS.filter((one) => codes.includes(one)).flatMap((one) => RULES[one] ?? [])),
];
