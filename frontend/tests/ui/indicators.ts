/**
 * A quarter's indicators for the gallery: of a State once requests are moved, and of the region, which
 * sees no corridors, as long as nothing moves them, and where an event was erased.
 */

import type { Indicators } from "../../src/api/indicators";

const DAY = 86_400;
const UNRECORDED = [
  ...["first-time-right", "returns", "refusals", "asked", "urgent", "deadlines", "preserved"],
  ...["non-liability", "acknowledgement", "execution", "execution-parts", "postponement"],
];

export function indicators(quarter: string, scene: string): Indicators {
  const found = everything(quarter, scene);
  if (scene !== "regional") return found;
  const recorded = ({ code }: { code: string }) =>
    !UNRECORDED.includes(code) && !code.startsWith("rule:");
  return {
    ...found,
    counts: found.counts.filter(recorded),
    times: found.times.filter(recorded),
    unrecorded: UNRECORDED,
    incomplete: true,
  };
}

function everything(quarter: string, scene: string): Indicators {
  const region = scene === "regional";
  const corridors = [
    { code: "corridors", cells: { "SV-MX": 21, "SV-GT": 12, "GT-SV": 8 }, whole: 41 },
  ];
  const received = [
    { code: "received:urgent", cells: { urgent: 5, ordinary: 14 }, whole: 19 },
    { code: "received:corridors", cells: { "GT-SV": 12, "HN-SV": 7 }, whole: 19 },
    {
      code: "received:first-time-right",
      cells: { right: 11, asked: 0, returned: 6 },
      whole: 17,
    },
    { code: "received:returns", cells: { D01: 6, D05: null }, whole: null },
    { code: "received:non-liability", cells: { returned: 0 }, whole: 0 },
  ];
  const byReceived = [
    {
      code: "received:acknowledgement",
      groups: [
        { name: "", count: 16, median: 3 * DAY, ninth: 9 * DAY },
        { name: "bank_records", count: 16, median: 3 * DAY, ninth: 9 * DAY },
      ],
    },
  ];
  const byCorridor = [
    {
      code: "execution-corridors",
      groups: [
        { name: "", count: 28, median: 41 * DAY, ninth: 96 * DAY },
        { name: "SV-MX", count: 20, median: 38 * DAY, ninth: 90 * DAY },
        { name: "SV-GT", count: 8, median: 52 * DAY, ninth: null },
      ],
    },
  ];
  return {
    quarter,
    state: region ? "" : "SV",
    least: 5,
    ninth_least: 10,
    unrecorded: [],
    incomplete: false,
    counts: [
      { code: "urgent", cells: { urgent: 9, ordinary: 32 }, whole: 41 },
      ...(region ? [] : corridors),
      { code: "first-time-right", cells: { right: 25, asked: null, returned: null }, whole: 33 },
      {
        code: "rule:LANG-REQUESTED-STATE",
        cells: { "aside-right": 6, "aside-faulty": 0, "met-right": 19, "met-faulty": 8 },
        whole: 33,
      },
      { code: "asked", cells: { "0": 22, "1": 6, "2": 0, "3": 0 }, whole: 28 },
      { code: "deadlines", cells: { met: null, missed: null, none: 22 }, whole: 28 },
      { code: "returns", cells: { D01: 6, D05: null, D07: null }, whole: null },
      { code: "refusals", cells: {}, whole: null },
      {
        code: "set-aside",
        cells: { "LANG-REQUESTED-STATE": 12, "CHAN-RIGHT-AUTHORITY": null },
        whole: null,
      },
      {
        code: "consultations",
        cells: { "in-time": 14, late: 5, overdue: 6, "taken-back": 0 },
        whole: 25,
      },
      {
        code: "after-consulting",
        cells: { formal: 11, solved: 5, "given-up": null },
        whole: null,
      },
      { code: "protection", cells: { met: 9, aside: 5 }, whole: 14 },
      { code: "non-liability", cells: { changes: 6, returned: null }, whole: null },
      ...(region ? [] : received),
      { code: "preserved", cells: { preserved: 7, "not-preserved": 5, other: 29 }, whole: 41 },
      {
        code: "notes",
        cells: { sent: 13, acknowledged: null, declined: null, joined: 0, used: 6, led: 5 },
        whole: null,
      },
      { code: "directory", cells: { fresh: 17, stale: 6 }, whole: 23 },
    ],
    times: [
      {
        code: "first-answer",
        groups: [
          { name: "", count: 16, median: 2 * DAY + 7_200, ninth: 6 * DAY },
          { name: "bank_records", count: 10, median: 2 * DAY, ninth: 5 * DAY },
          { name: "none", count: 6, median: 3 * DAY, ninth: null },
        ],
      },
      {
        code: "drafting",
        groups: [
          { name: "", count: 44, median: 6 * DAY, ninth: 19 * DAY },
          { name: "bank_records", count: 30, median: 5 * DAY, ninth: 14 * DAY },
          { name: "several", count: 14, median: 9 * DAY, ninth: 24 * DAY },
        ],
      },
      {
        code: "acknowledgement",
        groups: [
          { name: "", count: 36, median: 4 * DAY, ninth: 11 * DAY },
          { name: "bank_records", count: null, median: null, ninth: null },
          { name: "several", count: null, median: null, ninth: null },
        ],
      },
      {
        code: "execution",
        groups: [{ name: "", count: 28, median: 41 * DAY, ninth: 96 * DAY }],
      },
      ...(region ? [] : byCorridor),
      {
        code: "execution-parts",
        groups: [
          { name: "bank_records", count: 12, median: 20 * DAY, ninth: 61 * DAY },
          { name: "search_seizure", count: null, median: null, ninth: null },
        ],
      },
      ...(region ? [] : byReceived),
      { code: "postponement", groups: [{ name: "", count: 0, median: null, ninth: null }] },
    ],
  };
}
