/** Designations of version 2: the part of the State and who stands in are signed with the rest. */
import { again, type Change, inOrder, type Row, row } from "./chain-changes";
import { binding, designationTwo, type Fields, hours, LATER } from "./chain-links";

const ALL = ["cora", "olga", "omar"];
const ONE = ["cora", "olga"];
const WEEK = { urgent: true, until: hours(24 * 6) };

const first =
  (fields: Fields = {}, signers = ALL): Change =>
  async (log) => {
    const may = { ...(await designationTwo("SV", "ana", ["liaison"])), ...fields };
    await log.put("designation", "ana", may, signers);
  };

/** A later term of hers in which her key is vouched for, begun at its own hour. */
const next =
  (fields: Fields, signers: string[], hour = 60): Change =>
  async (log) => {
    const usual = await designationTwo("SV", "ana", ["liaison"]);
    const may = { ...usual, from: hours(hour), ...fields };
    await log.at(hour).add("designation", "ana 2", may, signers);
    await log.add("binding", "ana 2", await binding("SV", "ana", "ana", "ana 2"), ["cora"]);
  };

const no = "no-designation";
const unsigned = ["designation-unsigned", no] as const;

export async function second(): Promise<Row[]> {
  const year = { until: LATER };
  return [
    row("a liaison's first term of version 2, of six months", "ok", first()),
    row(
      "a first term of version 2 of six months and a day",
      "term",
      first({ until: hours(24 * 186) }),
      {
        refused: ["term", no, no],
      },
    ),
    row("a first term of version 2 of a year", "term", first(year), { refused: ["term", no, no] }),
    row("a whole State, and nobody who stands in", "ok", first({ region: null, deputy: null })),
    row("a year that follows a first term of version 2", "ok", inOrder(first(), next(year, ONE)), {
      now: hours(24 * 170),
    }),
    row(
      "a year of version 2 that follows one of version 1, by two officers",
      "ok",
      next(year, ALL),
    ),
    row(
      "a year of version 2 that follows one of version 1, by one officer: it says more",
      "ok",
      next(year, ONE),
      { refused: [...unsigned] },
    ),
    row(
      "by one officer, where version 2 says as little as version 1 did",
      "ok",
      next({ ...year, region: null, deputy: null }, ONE),
    ),
    row(
      "another part of the State by one officer",
      "ok",
      inOrder(first(), next({ region: "Frontera sur" }, ONE)),
      { refused: [...unsigned] },
    ),
    row(
      "nobody who stands in any more by one officer",
      "ok",
      inOrder(first(), next({ deputy: null }, ONE)),
      { refused: [...unsigned] },
    ),
    row("a year after an urgent week alone", "ok", inOrder(first(WEEK), next(year, ALL)), {
      refused: ["term", no],
    }),
    row("six months after an urgent week alone", "ok", inOrder(first(WEEK), next({}, ALL))),
    row(
      "a year after a first term that was never bound",
      "no-device",
      async (log) => {
        await first()(log);
        log.without("binding", "ana").without("device", "ana");
        await next(year, ALL)(log);
        await again(61)(log);
      },
      { refused: ["term", no, "no-binding"] },
    ),
    row("a coordinator's first term of version 2, of a year", "ok", async (log) => {
      const may = { ...(await designationTwo("SV", "coral", ["coordinator"])), ...year };
      await log.add("designation", "coral", may, ["olga", "omar"]);
    }),
  ];
}
