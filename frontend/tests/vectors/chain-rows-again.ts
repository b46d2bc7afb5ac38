/** What is named or said once more: for longer, too late, or by too few. */
import {
  again,
  at,
  type Change,
  coral,
  designate,
  end,
  goOn,
  inOrder,
  lift,
  name,
  type Row,
  rebind,
  row,
  stop,
} from "./chain-changes";
import {
  binding,
  device,
  type Fields,
  hours,
  keyOf,
  officer,
  root,
  START,
  uuidOf,
} from "./chain-links";

const SOON = hours(100);
const LONGER = hours(24 * 100);
const ALL = ["cora", "olga", "omar"];

export async function onceMore(): Promise<Row[]> {
  return [...(await longer()), ...(await keptBack()), ...(await byTooFew())];
}

/** A device counts for longer while it counts, as it is, and never across a stop. */
async function longer(): Promise<Row[]> {
  const renew =
    (fields: Fields = {}, hour = 60, by = "ana", called = "ana"): Change =>
    async (log) => {
      const same = { ...(await device("SV", "ana")), until: LONGER };
      await log.at(hour).add("device", called, { ...same, ...fields }, [by]);
    };
  const named = (...changes: Change[]) => inOrder(name({ until: SOON }), ...changes);
  const now = hours(24 * 50);
  const other = async (of: string) => keyOf(`${of} of ana two`);
  const refusals: [string, Row["refused"], Change][] = [
    ["once it is over", ["serial-known"], renew({}, 100)],
    ["for a shorter time", ["serial-known"], renew({ until: hours(90) })],
    ["under another id", ["serial-known"], renew({ device: await uuidOf("another device") })],
    [
      "with another signature key",
      ["serial-known"],
      renew({ signature_key: await other("signature") }),
    ],
    ["with another history key", ["serial-known"], renew({ history_key: await other("history") })],
    ["with another serial", ["device-known"], renew({}, 60, "ana", "ana renewed")],
    ["by the coordinator", ["device-unsigned"], renew({}, 60, "cora")],
  ];
  return [
    row("a device is named for longer", "ok", named(renew()), { now }),
    ...refusals.map(([how, refused, change]) =>
      row(`a device is not named for longer ${how}`, "device-expired", named(change), {
        now,
        refused: refused ?? [],
      }),
    ),
    row(
      "a device is not named for longer once it is revoked",
      "device-revoked",
      named(end("ana", "device of ana", ["olga"]), renew()),
      { refused: ["device-revoked"] },
    ),
    row(
      "a device is not named for longer by somebody who came back",
      "device-revoked",
      named(end("ana", null, ["omar"]), lift("ana", ["cora", "olga"]), renew()),
      { refused: ["serial-known"] },
    ),
    row(
      "a device of the key before is not named for longer by the new one",
      "device-revoked",
      named(at(50), rebind(["cora", "olga"]), renew({}, 60, "ana two")),
      { refused: ["serial-known"] },
    ),
  ];
}

/** What gives counts soon after it was signed, or not at all. */
async function keptBack(): Promise<Row[]> {
  const late = hours(26 - 31 * 24 - 1);
  return [
    row(
      "a binding that was kept back for three days",
      "issued-late",
      async (log) => {
        const kept = { ...(await binding("SV", "ana")), issued: hours(-73) };
        await log.put("binding", "ana", kept, ["cora"]);
      },
      { refused: ["issued-late", "no-binding"] },
    ),
    row(
      "a reinstatement that was kept back for three days",
      "person-revoked",
      inOrder(end("ana", null, ["omar"]), async (log) => {
        const revokes = await log.digest("revocation", "ana null");
        const fields = { state: "SV", person: await uuidOf("ana"), revokes, issued: hours(50) };
        await log.at(123).add("reinstatement", "ana", fields, ["cora", "olga"]);
      }),
      { now: hours(124), refused: ["issued-late"] },
    ),
    row(
      "a word to lift a State's stop that was kept back for three days",
      "state-stopped",
      inOrder(stop(["omar", "olga"], 48), async (log) => {
        const fields = { state: "SV", stops: await uuidOf("state-stop SV"), issued: hours(50) };
        await log.at(123).add("state-lift", "SV", fields, ["cora", "olga"]);
      }),
      { now: hours(124), refused: ["issued-late"] },
    ),
    row(
      "an officer whom the root named more than a month before",
      "ok",
      async (log) => {
        const named = { ...(await officer("SV", "otto")), issued: late };
        await log.at(26).add("officer", "otto", named, ["root SV"]);
      },
      { refused: ["issued-late"] },
    ),
    row(
      "a rotation more than a month after it was signed",
      "ok",
      async (log) => {
        const next = { ...(await root("SV", "root SV 2", "root SV")), issued: late };
        await log.at(26).add("state-root", "SV 2", next, ["root SV", "root SV 2"]);
      },
      { refused: ["issued-late"] },
    ),
    row(
      "an older mandate that was kept back",
      "ok",
      async (log) => {
        const older = { ...(await officer("SV", "olga")), issued: hours(-1) };
        await log.at(26).add("officer", "olga 2", older, ["root SV"]);
      },
      { refused: ["superseded"] },
    ),
    row(
      "a key is not vouched for once the term is over",
      "designation-expired",
      inOrder(designate({ until: hours(48) }, ALL), async (log) => {
        log.without("binding", "ana").without("device", "ana");
        await log.at(60).add("binding", "ana", await binding("SV", "ana"), ["cora"]);
        await log.add("device", "ana", await device("SV", "ana"), ["ana"]);
      }),
      { refused: ["designation-expired", "designation-expired"] },
    ),
  ];
}

async function byTooFew(): Promise<Row[]> {
  const year = { from: hours(60), until: hours(24 * 365) };
  return [
    row(
      "renewed as it was in a hurry, by one officer beside the coordinator",
      "ok",
      inOrder(
        designate({ urgent: true, until: hours(7 * 24), consultation: [], issued: hours(-2) }, ALL),
        designate(year, ["cora", "olga"], 60),
      ),
      { effective: START, refused: ["designation-unsigned"] },
    ),
    row(
      "a stopped State does not go on by two coordinators",
      "state-stopped",
      inOrder(at(20), coral, stop(["omar", "olga"], 48), goOn(["cora", "coral"], 50)),
      { refused: ["lift-unsigned"] },
    ),
    row(
      "a stopped State reinstates nobody",
      "person-revoked",
      inOrder(
        stop(["omar", "olga"], 24),
        end("ana", null, ["cora"]),
        lift("ana", ["cora", "olga"]),
      ),
      { refused: ["state-stopped"] },
    ),
    row(
      "a removed officer is not named again",
      "ok",
      inOrder(end("omar", null, ["olga"], { kind: "removed" }), async (log) =>
        log.at(60).add("officer", "omar 2", await officer("SV", "omar"), ["root SV"]),
      ),
      { refused: ["person-revoked"] },
    ),
    row(
      "for somebody removed no other key is vouched for",
      "person-revoked",
      inOrder(
        end("ana", null, ["omar"], { kind: "removed" }),
        at(60),
        rebind(["cora", "olga"]),
        again(61, "ana two"),
      ),
      { refused: ["person-revoked", "device-unsigned"] },
    ),
  ];
}
