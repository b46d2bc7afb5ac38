/** Each link of a chain, as it should be and as it should not. */
import type { ChainReason } from "../../src/verify/chain";
import {
  ana,
  bind,
  type Change,
  cora,
  designate,
  inOrder,
  name,
  nothing,
  type Row,
  row,
} from "./chain-changes";
import {
  binding,
  designation,
  device,
  type Fields,
  hours,
  keyOf,
  type Log,
  NOW,
  officer,
  START,
  uuidOf,
} from "./chain-links";

const ALL = ["cora", "olga", "omar"];

/** Those of a whole chain, and of each link of it that is not as it should be. */
export async function links(): Promise<Row[]> {
  const no = (what: string, change: Change) =>
    row(what, "designation-unsigned", change, {
      refused: ["designation-unsigned", "no-designation", "no-designation"],
    });
  const unbound = (what: string, change: Change) =>
    row(what, "binding-unsigned", change, { refused: ["binding-unsigned", "no-binding"] });
  const unnamed = (what: string, expect: ChainReason, change: Change) =>
    row(what, expect, change, { refused: [expect] });
  return [
    row("a liaison's device, bound by the coordinator", "ok", nothing, { effective: START }),
    row("a coordinator's device, bound by an officer", "ok", nothing, { identity: cora }),
    row(
      "a third officer's signature that is not needed",
      "ok",
      designate({}, ["cora", "olga", "omar", "gala"]),
    ),
    row("all of it as of the entries before her device", "no-device", nothing, { size: 14 }),
    no("two officers without a nomination", designate({}, ["olga", "omar"])),
    no("one officer", designate({}, ["cora", "olga"])),
    no("officers of another State", designate({}, ["cora", "gala", "gil"])),
    no("an officer and the root", designate({}, ["cora", "olga", "root SV"])),
    no("nominated by oneself", designate({}, ["ana", "olga", "omar"])),
    no("nominated by another State's coordinator", designate({}, ["gema", "olga", "omar"])),
    row(
      "an officer whose term has not begun",
      "designation-unsigned",
      async (log) => {
        const late = { ...(await officer("SV", "omar")), from: hours(1) };
        await log.put("officer", "omar", late, ["root SV"]);
      },
      {
        refused: [
          "designation-unsigned",
          "no-designation",
          "designation-unsigned",
          "no-designation",
          "no-designation",
          "no-designation",
        ],
      },
    ),
    row(
      "consulted with nobody who answered",
      "not-consulted",
      designate(
        {
          consultation: [
            { agency_kind: "police", date: "2026-11-01", outcome: "no-answer", digest: null },
          ],
        },
        ["cora", "olga", "omar"],
      ),
      { refused: ["not-consulted", "no-designation", "no-designation"] },
    ),
    ...consulted(),
    row(
      "an objection is an answer, for the ministry to weigh",
      "ok",
      designate(
        {
          consultation: [
            {
              agency_kind: "police",
              date: "2026-11-01",
              outcome: "objection",
              digest: "0".repeat(64),
            },
          ],
        },
        ["cora", "olga", "omar"],
      ),
    ),
    row(
      "signed three days before it was entered",
      "ok",
      designate({ issued: hours(-72) }, ["cora", "olga", "omar"]),
    ),
    row(
      "signed more than three days before it was entered",
      "issued-late",
      designate({ issued: hours(-73) }, ["cora", "olga", "omar"]),
      { refused: ["issued-late", "no-designation", "no-designation"] },
    ),
    row(
      "signed an hour after it was entered",
      "issued-early",
      designate({ issued: hours(1) }, ["cora", "olga", "omar"]),
      { refused: ["issued-early", "no-designation", "no-designation"] },
    ),
    row(
      "for more than a year",
      "term",
      designate({ until: hours(24 * 367) }, ["cora", "olga", "omar"]),
      { refused: ["term", "no-designation", "no-designation"] },
    ),
    row("until before it begins", "term", designate({ until: START }, ["cora", "olga", "omar"]), {
      refused: ["term", "no-designation", "no-designation"],
    }),
    row(
      "urgent and for a week",
      "ok",
      designate({ urgent: true, until: hours(7 * 24), consultation: [], issued: hours(-2) }, [
        "cora",
        "olga",
        "omar",
      ]),
      { effective: START },
    ),
    row("urgent and for longer", "term", designate({ urgent: true }, ["cora", "olga", "omar"]), {
      refused: ["term", "no-designation", "no-designation"],
    }),
    row(
      "urgent and signed three hours before",
      "issued-late",
      designate({ urgent: true, until: hours(24), issued: hours(-3) }, ["cora", "olga", "omar"]),
      { refused: ["issued-late", "no-designation", "no-designation"] },
    ),
    row(
      "a designation that begins tomorrow",
      "designation-not-yet",
      designate({ from: hours(120) }, ["cora", "olga", "omar"]),
      { refused: ["designation-not-yet"] },
    ),
    row(
      "a designation that ended yesterday",
      "designation-expired",
      designate({ until: hours(72) }, ["cora", "olga", "omar"]),
    ),
    row(
      "a designation that ends now",
      "designation-expired",
      designate({ until: NOW }, ["cora", "olga", "omar"]),
    ),
    row("everything is over in two years", "designation-expired", nothing, {
      now: "2028-11-24T12:00:00Z",
    }),

    row("no binding", "no-binding", async (log) => log.without("binding", "ana"), {
      refused: ["no-binding"],
    }),
    unbound("a binding by nobody", bind([])),
    unbound("a binding by oneself", bind(["ana"])),
    unbound("a liaison's binding by an officer", bind(["olga"])),
    unbound("a binding by the coordinator of another State", bind(["gema"])),
    row(
      "a binding in another State's name",
      "person-of-another",
      async (log) => log.put("binding", "ana", await binding("GT", "ana"), ["gema"]),
      { refused: ["person-of-another", "no-binding"] },
    ),
    row(
      "a coordinator's binding by another coordinator",
      "binding-unsigned",
      inOrder(
        async (log) => {
          const rest = log.entries.splice(4);
          await log.add("designation", "coral", await designation("SV", "coral", ["coordinator"]), [
            "olga",
            "omar",
          ]);
          await log.add("binding", "coral", await binding("SV", "coral"), ["olga"]);
          log.entries.push(...rest);
        },
        async (log) => log.put("binding", "cora", await binding("SV", "cora"), ["coral"]),
        async (log) =>
          log.without("designation", "ana").without("binding", "ana").without("device", "ana"),
      ),
      { identity: cora, refused: ["binding-unsigned", "no-binding"] },
    ),
    row(
      "a binding that names another designation",
      "no-designation",
      async (log) => log.put("binding", "ana", await binding("SV", "ana", "ana", "cora"), ["cora"]),
      { refused: ["no-designation", "no-binding"] },
    ),
    row("a key that is somebody else's", "key-known", bind(["cora"], "olga"), {
      refused: ["key-known", "no-binding"],
    }),

    unnamed("a device signed by its own key", "device-unsigned", name({}, ["signature of ana"])),
    unnamed("a device signed by the coordinator", "device-unsigned", name({}, ["cora"])),
    row("a device in another State's name", "person-of-another", name({ state: "GT" }), {
      identity: { ...ana, state: "GT" },
      refused: ["person-of-another"],
    }),
    row("a device from tomorrow", "device-not-yet", name({ from: hours(120) })),
    row("a device until yesterday", "device-expired", name({ until: hours(72) })),
    row("a device that ends now", "device-expired", name({ until: NOW })),
    unnamed("a device for more than half a year", "term", name({ until: hours(24 * 184) })),
    unnamed("a device signed long before", "issued-late", name({ issued: hours(-80) })),
    row(
      "a device whose keys are another's",
      "ok",
      async (log) =>
        log.at(1).add(
          "device",
          "twin",
          {
            ...(await device("SV", "ana", "twin")),
            signature_key: await keyOf("signature of cora"),
          },
          ["ana"],
        ),
      { refused: ["device-known"] },
    ),
    row("no device statement with the serial", "no-device", async (log) =>
      log.without("device", "ana"),
    ),
    ...(await mismatches()),
    row(
      "the same designation entered twice",
      "ok",
      async (log) => log.at(1).again("designation", "ana"),
      { refused: ["serial-known"] },
    ),
  ];
}

async function mismatches(): Promise<Row[]> {
  const other = (what: string, identity: Fields) =>
    row(`another ${what} in the credential`, "key-mismatch", nothing, { identity });
  return [
    other("signature key", { ...ana, signature_key: await keyOf("eva") }),
    other("history key", { ...ana, history_key: await keyOf("eva") }),
    other("device id", { ...ana, device: await uuidOf("another device") }),
    other("person", { ...ana, person: await uuidOf("cora") }),
    other("State", { ...ana, state: "GT" }),
  ];
}

/** Which answers of agencies are a consultation, and who proposes where nobody waits for one. */
function consulted(): Row[] {
  const answer = (agency_kind: string, date: string, outcome = "no-objection") => ({
    ...{ agency_kind, date, outcome, digest: null },
  });
  const by = (...consultation: Fields[]) => designate({ consultation }, ALL);
  const not = (what: string, ...answers: Fields[]) =>
    row(what, "not-consulted", by(...answers), {
      refused: ["not-consulted", "no-designation", "no-designation"],
    });
  const urgent = { urgent: true, until: hours(7 * 24), consultation: [] };
  const eva = (roles: string[], signers: string[]) => async (log: Log) =>
    log.add(
      "designation",
      "eva",
      { ...(await designation("SV", "eva", roles)), ...urgent },
      signers,
    );
  return [
    not("consulted with the public ministry alone", answer("public-ministry", "2026-11-01")),
    not(
      "consulted with the public ministry, and no other agency answered",
      answer("public-ministry", "2026-11-01"),
      answer("police", "2026-11-02", "no-answer"),
    ),
    not("an answer of two days after it was signed", answer("police", "2026-11-22")),
    row(
      "an answer of the day after it was signed, where the day begins earlier",
      "ok",
      by(answer("migration", "2026-11-21")),
    ),
    row(
      "the public ministry and another agency have answered",
      "ok",
      by(answer("public-ministry", "2026-11-01"), answer("interior", "2026-11-02", "objection")),
    ),
    row(
      "an urgent one needs no answer, and the public ministry's harms none",
      "ok",
      designate({ ...urgent, consultation: [answer("public-ministry", "2026-11-01")] }, ALL),
    ),
    row(
      "an urgent coordinator whom a coordinator has proposed beside two officers",
      "ok",
      eva(["coordinator"], ALL),
    ),
    ...["coordinator", "central-authority", "national-auditor"].map((role) =>
      row(`an urgent ${role} of two officers alone`, "ok", eva([role], ["olga", "omar"]), {
        refused: ["designation-unsigned"],
      }),
    ),
  ];
}
