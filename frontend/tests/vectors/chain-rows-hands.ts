/** Hands that were given before their giver was stopped, or under what was said since. */
import {
  anaTwo,
  at,
  type Change,
  end,
  goOn,
  inOrder,
  lift,
  type Row,
  rebind,
  row,
  stop,
} from "./chain-changes";
import { designation, device, hours, uuidOf } from "./chain-links";

/** Another key of Ana's is vouched for at hour 51, by what was signed at an hour. */
const vouched = (signers: string[], hour: number): Change =>
  inOrder(at(51), rebind(signers, "ana two", { issued: hours(hour) }));

/** A State's stop is lifted by what was signed at an hour. */
const lifted =
  (signers: string[], signed: number, hour: number, which = "SV"): Change =>
  async (log) => {
    const fields = { state: "SV", stops: await uuidOf(`state-stop ${which}`) };
    await log.at(hour).add("state-lift", "later", { ...fields, issued: hours(signed) }, signers);
  };

export async function hands(): Promise<Row[]> {
  return [...ofAState(), ...ofAPerson(), ...underAStop()];
}

function ofAState(): Row[] {
  const stopped = inOrder(stop(["omar", "olga"], 48), goOn(["cora", "olga"], 50));
  return [
    row(
      "what was signed before the State's stop counts no more when that is lifted",
      "ok",
      inOrder(stopped, vouched(["cora", "olga"], 47)),
      { now: hours(52), refused: ["state-stopped"] },
    ),
    row(
      "what is signed after the State's stop was lifted counts",
      "device-revoked",
      inOrder(stopped, vouched(["cora", "olga"], 50)),
      { now: hours(52) },
    ),
    row(
      "what was signed before a stop of the State by one counts no more when its hour is over",
      "ok",
      inOrder(stop(["cora"], 48), vouched(["cora", "olga"], 47)),
      { now: hours(52), refused: ["state-stopped"] },
    ),
    row(
      "what was signed before another State's stop counts on",
      "device-revoked",
      inOrder(stop(["gala", "gil"], 48), vouched(["cora", "olga"], 47)),
      { now: hours(52), refused: ["stop-unsigned"] },
    ),
  ];
}

function ofAPerson(): Row[] {
  const inAgain = (who: string) => inOrder(end(who, null, ["olga"]), lift(who, ["cora", "olga"]));
  const named =
    (hour: number): Change =>
    async (log) => {
      const two = { ...(await device("SV", "ana", "ana two")), issued: hours(hour) };
      await log.at(51).add("device", "ana two", two, ["ana"]);
    };
  return [
    row(
      "what an officer signed before being stopped counts no more when they are in again",
      "ok",
      inOrder(inAgain("omar"), vouched(["cora", "omar"], 47)),
      { now: hours(52), refused: ["binding-unsigned"] },
    ),
    row(
      "what an officer signs once they are in again counts",
      "device-revoked",
      inOrder(inAgain("omar"), vouched(["cora", "omar"], 50)),
      { now: hours(52) },
    ),
    row(
      "two officers approve, one of whom was stopped after signing and is in again",
      "ok",
      inOrder(inAgain("omar"), async (log) => {
        const may = { ...(await designation("SV", "eva", ["liaison"])), issued: hours(47) };
        await log.at(51).add("designation", "eva", may, ["cora", "olga", "omar"]);
      }),
      { now: hours(52), refused: ["designation-unsigned"] },
    ),
    row(
      "what somebody stopped has signed with others counts by the others",
      "device-revoked",
      inOrder(inAgain("omar"), vouched(["cora", "omar", "olga"], 47)),
      { now: hours(52) },
    ),
    row(
      "a reinstatement counts no more by an officer who was stopped after signing it",
      "person-revoked",
      inOrder(end("ana", null, ["cora"], {}, 46), inAgain("omar"), async (log) => {
        const revokes = await log.digest("revocation", "ana null");
        const fields = { state: "SV", person: await uuidOf("ana"), revokes, issued: hours(47) };
        await log.at(51).add("reinstatement", "ana", fields, ["cora", "omar"]);
      }),
      { now: hours(52), refused: ["reinstatement-unsigned"] },
    ),
    row(
      "a device that somebody named before being stopped is none when they are in again",
      "person-revoked",
      inOrder(inAgain("ana"), named(47)),
      { now: hours(52), identity: anaTwo, refused: ["person-revoked"] },
    ),
    row(
      "a device that somebody names once they are in again",
      "ok",
      inOrder(inAgain("ana"), named(50)),
      {
        now: hours(52),
        identity: anaTwo,
      },
    ),
    row(
      "what takes away counts whenever it was signed",
      "person-revoked",
      inOrder(inAgain("omar"), end("ana", null, ["omar"], { issued: hours(47) }, 51)),
      { now: hours(52) },
    ),
  ];
}

function underAStop(): Row[] {
  const confirmed = inOrder(stop(["cora"], 48), stop(["cora", "omar"], 48.5));
  return [
    row(
      "a second hand under a State's stop is not lifted by what was signed before it",
      "state-stopped",
      inOrder(confirmed, lifted(["cora", "olga"], 48.25, 49)),
      { now: hours(52), refused: ["superseded"] },
    ),
    row(
      "a second hand under a State's stop is lifted by what is signed after it",
      "ok",
      inOrder(confirmed, lifted(["cora", "olga"], 48.5, 49)),
      { now: hours(52) },
    ),
    row(
      "a second hand under the first of two stops is not lifted by what was signed before it",
      "state-stopped",
      inOrder(
        stop(["cora"], 48),
        stop(["cora"], 48.25, "again"),
        stop(["cora", "omar"], 48.75),
        lifted(["cora", "olga"], 48.5, 49, "again"),
      ),
      { now: hours(52), refused: ["superseded"] },
    ),
    row(
      "the State is stopped anew: a second hand under the earlier lift lifts nothing",
      "state-stopped",
      inOrder(
        stop(["cora", "olga"], 48),
        goOn(["cora", "olga"], 49),
        stop(["cora", "omar"], 50, "again"),
        lifted(["omar", "olga"], 49, 51),
      ),
      { now: hours(52), refused: ["nothing-stopped"] },
    ),
  ];
}
