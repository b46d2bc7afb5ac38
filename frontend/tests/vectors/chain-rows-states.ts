/** Roots, officers, offices, States. */
import {
  again,
  type Change,
  end,
  goOn,
  inOrder,
  nothing,
  type Row,
  row,
  stop,
} from "./chain-changes";
import { designation, type Fields, hours, keyOf, officer, root } from "./chain-links";

/** Roots, officers, offices that exclude each other, States that were stopped. */
export async function states(): Promise<Row[]> {
  const rotate =
    (signers: string[], fields: Fields = {}): Change =>
    async (log) => {
      await log
        .at(24)
        .add(
          "state-root",
          "SV 2",
          { ...(await root("SV", "root SV 2", "root SV")), ...fields },
          signers,
        );
    };
  const otto =
    (by: string): Change =>
    async (log) =>
      log.at(25).add("officer", "otto", await officer("SV", "otto"), [by]);
  const eva =
    (signers: string[], roles: string[] = ["liaison"]): Change =>
    async (log) =>
      log.at(26).add("designation", "eva", await designation("SV", "eva", roles), signers);
  const pinned = async (key: string) => ({ SV: await keyOf(key), GT: await keyOf("root GT") });
  const both = ["root SV", "root SV 2"];
  const weaker: Change = async (log) => {
    const fields = {
      ...(await root("SV", "root SV", "root SV")),
      approval: "officer-and-coordinator",
    };
    await log.at(24).add("state-root", "SV weaker", fields, ["root SV"]);
  };
  return [
    row("the root is not the pinned one", "no-root", nothing, {
      roots: await pinned("eva"),
      refused: [
        "no-root",
        "no-root",
        "no-root",
        "no-root",
        "no-root",
        "no-root",
        "no-root",
        "no-root",
        "no-root",
      ],
    }),
    row(
      "a second first root",
      "ok",
      async (log) => log.at(24).add("state-root", "eve", await root("SV", "eva"), ["eva"]),
      { refused: ["no-root"] },
    ),
    row("a rotated root: what was given before stays", "ok", rotate(both)),
    row("a rotated root, pinned by a later bundle", "ok", rotate(both), {
      roots: await pinned("root SV 2"),
    }),
    row(
      "a rotated root names officers, the old one no more",
      "ok",
      inOrder(rotate(both), otto("root SV"), otto("root SV 2"), eva(["cora", "otto", "olga"])),
      { refused: ["officer-unsigned"] },
    ),
    row(
      "a rotation that the old root did not sign",
      "ok",
      inOrder(rotate(["root SV 2"]), otto("root SV 2")),
      { refused: ["root-unsigned", "officer-unsigned"] },
    ),
    row("a rotation that the new root did not sign", "ok", rotate(["root SV"]), {
      refused: ["root-unsigned"],
    }),
    row(
      "a rotation to somebody's key",
      "ok",
      rotate(["root SV", "olga"], { key: await keyOf("olga") }),
      { refused: ["key-known"] },
    ),
    row("an officer named by a coordinator", "ok", otto("cora"), { refused: ["officer-unsigned"] }),
    row("an officer named by another State's root", "ok", otto("root GT"), {
      refused: ["officer-unsigned"],
    }),

    row(
      "weaker mode: one officer and the coordinator",
      "ok",
      inOrder(weaker, eva(["cora", "olga"])),
    ),
    row(
      "weaker mode: a coordinator by one officer and the root",
      "ok",
      inOrder(weaker, eva(["olga", "root SV"], ["coordinator"])),
    ),
    row(
      "weaker mode: a coordinator by one officer and the coordinator",
      "ok",
      inOrder(weaker, eva(["olga", "cora"], ["coordinator"])),
      { refused: ["designation-unsigned"] },
    ),
    row(
      "two officers and no nomination make a central authority",
      "ok",
      eva(["olga", "omar"], ["central-authority"]),
    ),

    row(
      "an officer becomes liaison",
      "ok",
      async (log) =>
        log
          .at(26)
          .add("designation", "olga", await designation("SV", "olga", ["liaison"]), [
            "cora",
            "olga",
            "omar",
          ]),
      { refused: ["designation-unsigned"] },
    ),
    row(
      "a third officer becomes liaison",
      "ok",
      inOrder(otto("root SV"), async (log) =>
        log
          .at(26)
          .add("designation", "otto", await designation("SV", "otto", ["liaison"]), [
            "cora",
            "olga",
            "omar",
          ]),
      ),
      { refused: ["roles-incompatible"] },
    ),
    row(
      "a liaison becomes officer",
      "ok",
      async (log) =>
        log.at(26).add("officer", "ana", await officer("SV", "ana", "ana as officer"), ["root SV"]),
      { refused: ["roles-incompatible"] },
    ),
    row(
      "an auditor is nothing else",
      "ok",
      eva(["cora", "olga", "omar"], ["liaison", "national-auditor"]),
      { refused: ["roles-incompatible"] },
    ),
    row("an auditor", "ok", eva(["olga", "omar"], ["national-auditor"])),
    row(
      "one officer under two names",
      "ok",
      async (log) =>
        log.at(26).add("officer", "otto", await officer("SV", "otto", "olga"), ["root SV"]),
      { refused: ["key-known"] },
    ),
    row(
      "one officer with two keys",
      "ok",
      inOrder(
        async (log) =>
          log.at(26).add("officer", "olga 2", await officer("SV", "olga", "olga two"), ["root SV"]),
        async (log) =>
          log
            .at(27)
            .add("designation", "eva", await designation("SV", "eva", ["liaison"]), [
              "cora",
              "olga",
              "olga two",
            ]),
      ),
      { refused: ["designation-unsigned"] },
    ),
    row(
      "an officer for more than a year",
      "ok",
      async (log) =>
        log
          .at(26)
          .add("officer", "otto", { ...(await officer("SV", "otto")), until: hours(24 * 367) }, [
            "root SV",
          ]),
      { refused: ["term"] },
    ),
    row(
      "another State designates her too",
      "ok",
      async (log) =>
        log
          .at(26)
          .add("designation", "ana GT", await designation("GT", "ana", ["liaison"]), [
            "gema",
            "gala",
            "gil",
          ]),
      { refused: ["person-of-another"] },
    ),

    row("the State is stopped by one, for an hour", "state-stopped", stop(["cora"], 48), {
      now: hours(48.5),
    }),
    row("the State was stopped by one, an hour ago", "ok", stop(["cora"], 48), { now: hours(49) }),
    row(
      "the State is stopped by one, and confirmed by two",
      "state-stopped",
      inOrder(stop(["cora"], 48), stop(["cora", "olga"], 48.5)),
    ),
    row("the State is stopped by two", "state-stopped", stop(["omar", "olga"], 48)),
    row(
      "the State is stopped, and the same person confirms",
      "ok",
      inOrder(stop(["cora"], 48), stop(["cora"], 48.5)),
      { refused: ["stop-unsigned"] },
    ),
    row(
      "the State was stopped by one, and another uses that hand when its hour is over",
      "ok",
      inOrder(stop(["cora"], 48), stop(["cora", "olga"], 49)),
      { now: hours(49.5), refused: ["serial-known"] },
    ),
    row(
      "the State's stop was lifted, and another uses the hand under it within its hour",
      "ok",
      inOrder(stop(["cora"], 48), goOn(["cora", "olga"], 48.25), stop(["cora", "omar"], 48.5)),
      { now: hours(48.75), refused: ["serial-known"] },
    ),
    row(
      "the State is stopped by two, each in words of their own within an hour",
      "state-stopped",
      inOrder(stop(["cora"], 48), stop(["olga"], 48.5, "again")),
    ),
    row(
      "the State is stopped by two, the second when the first one's hour is over",
      "ok",
      inOrder(stop(["cora"], 48), stop(["olga"], 49, "again")),
      { now: hours(50) },
    ),
    row(
      "the State is stopped twice by the same person",
      "ok",
      inOrder(stop(["cora"], 48), stop(["cora"], 48.5, "again")),
      { now: hours(49.5) },
    ),
    row(
      "the State goes on: what was said last is lifted, and with it what was said before",
      "ok",
      inOrder(
        stop(["cora"], 48),
        stop(["olga"], 48.5, "again"),
        goOn(["cora", "olga"], 50, "again"),
      ),
    ),
    row(
      "the State does not go on: what was said first is lifted, and something was said after it",
      "state-stopped",
      inOrder(stop(["cora"], 48), stop(["olga"], 48.5, "again"), goOn(["cora", "olga"], 50)),
    ),
    row("the State is stopped by another's officers", "ok", stop(["gala", "gil"], 48), {
      refused: ["stop-unsigned"],
    }),
    row(
      "a stopped State goes on by two",
      "ok",
      inOrder(stop(["omar", "olga"], 48), goOn(["cora", "olga"], 50)),
    ),
    row(
      "a stopped State does not go on by one",
      "state-stopped",
      inOrder(stop(["omar", "olga"], 48), goOn(["olga"], 50)),
      { refused: ["lift-unsigned"] },
    ),
    row("a State that was not stopped goes on", "ok", goOn(["cora", "olga"], 50), {
      refused: ["nothing-stopped"],
    }),
    row(
      "a stopped State gives nothing",
      "state-stopped",
      inOrder(stop(["omar", "olga"], 24), eva(["cora", "olga", "omar"])),
      { refused: ["state-stopped"] },
    ),
    row(
      "a stopped State still stops its people",
      "person-revoked",
      inOrder(stop(["omar", "olga"], 24), end("ana", null, ["cora"])),
    ),
    row(
      "a stopped State's root still names officers",
      "state-stopped",
      inOrder(stop(["omar", "olga"], 24), otto("root SV")),
    ),

    row("an entry that is dated before the one before it", "device-revoked", async (log) => {
      await again(30)(log);
      await end("ana", "device of ana", ["olga"], {}, 29)(log);
    }),
  ];
}
