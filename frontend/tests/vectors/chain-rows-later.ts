/** What comes after a chain was whole. */
import {
  again,
  anaTwo,
  at,
  type Change,
  cora,
  coral,
  designate,
  end,
  inOrder,
  lift,
  type Row,
  rebind,
  renew,
  row,
} from "./chain-changes";
import {
  binding,
  designation,
  device,
  type Fields,
  hours,
  identityOf,
  revocation,
  START,
} from "./chain-links";

/** What comes after: each is judged where it stands. */
export async function later(): Promise<Row[]> {
  const renewed = { until: hours(24 * 365) };
  return [
    row("whoever vouched leaves, and she stays", "ok", end("cora", null, ["olga"])),
    row("whoever approved leaves, and she stays", "ok", end("olga", null, ["omar"])),
    row(
      "whoever left vouches for nobody any more",
      "ok",
      inOrder(end("cora", null, ["olga"]), again(49), rebind(["cora", "olga"])),
      { refused: ["binding-unsigned"] },
    ),
    row(
      "an officer who left approves nobody any more",
      "ok",
      inOrder(
        end("omar", null, ["olga"]),
        designate({ ...renewed, post: "Otro cargo" }, ["cora", "olga", "omar"], 60),
      ),
      { refused: ["designation-unsigned"] },
    ),
    row(
      "renewed, with nothing gained",
      "ok",
      renew({ ...renewed, from: hours(60) }, ["cora", "olga", "omar"], 60),
      { effective: START },
    ),
    row(
      "renewed as it was, by one officer beside the coordinator",
      "ok",
      renew({ ...renewed, from: hours(60) }, ["cora", "olga"], 60),
      { effective: START },
    ),
    row(
      "renewed as it was, by the coordinator alone",
      "ok",
      designate({ ...renewed, from: hours(60) }, ["cora"], 60),
      { refused: ["designation-unsigned"] },
    ),
    row(
      "renewed as it was, by one officer without the coordinator",
      "ok",
      designate({ ...renewed, from: hours(60) }, ["olga"], 60),
      { refused: ["designation-unsigned"] },
    ),
    ...byOne(renewed),
    row(
      "given another role, and limited anew",
      "ok",
      renew({ roles: ["central-authority", "liaison"] }, ["cora", "olga", "omar"], 90),
      { effective: hours(114) },
    ),
    row(
      "a renewal that was signed before the one in force",
      "ok",
      inOrder(designate({ ...renewed, issued: hours(-1) }, ["cora", "olga", "omar"], 20)),
      { refused: ["superseded"] },
    ),
    row(
      "a shorter one counts, and is not outlived by the one before",
      "designation-expired",
      renew({ until: hours(80) }, ["cora", "olga", "omar"], 60),
    ),

    row(
      "designated after the State's first day, and limited for a day",
      "ok",
      async (log) => {
        const may = await designation("SV", "eva", ["liaison"]);
        await log.at(25).add("designation", "eva", may, ["cora", "olga", "omar"]);
        await log.at(80).add("binding", "eva", await binding("SV", "eva"), ["cora"]);
        const named = { ...(await device("SV", "eva")), issued: hours(80) };
        await log.add("device", "eva", named, ["eva"]);
      },
      { identity: await identityOf("eva"), effective: hours(49) },
    ),
    row("suspended by an officer", "person-revoked", end("ana", null, ["omar"])),
    row("suspended by the coordinator", "person-revoked", end("ana", null, ["cora"])),
    row("suspended by herself", "person-revoked", end("ana", null, ["ana"])),
    row("as of the entries before she was suspended", "ok", end("ana", null, ["omar"]), {
      size: 16,
    }),
    row("suspended by another State's officer", "ok", end("ana", null, ["gala"]), {
      refused: ["revocation-unsigned"],
    }),
    row("suspended by another State's coordinator", "ok", end("ana", null, ["gema"]), {
      refused: ["revocation-unsigned"],
    }),
    row("suspended by nobody", "ok", end("ana", null, []), { refused: ["revocation-unsigned"] }),
    row("suspended by the device's own key", "ok", end("ana", null, ["signature of ana"]), {
      refused: ["revocation-unsigned"],
    }),
    row("somebody else is suspended", "ok", end("gema", null, ["gala"], { state: "GT" })),
    row(
      "suspended before she was designated",
      "person-revoked",
      async (log) => {
        const rest = log.entries.splice(12);
        await end("ana", null, ["omar"], {}, 0)(log);
        log.entries.push(...rest);
      },
      { refused: ["person-revoked"] },
    ),
    row(
      "designated again while suspended",
      "person-revoked",
      inOrder(end("ana", null, ["omar"]), designate(renewed, ["cora", "olga", "omar"], 60)),
    ),
    row(
      "reinstated by coordinator and officer: her old device stays out",
      "device-revoked",
      inOrder(end("ana", null, ["omar"]), lift("ana", ["cora", "olga"])),
    ),
    row(
      "reinstated, with a new device",
      "ok",
      inOrder(end("ana", null, ["omar"]), lift("ana", ["cora", "olga"]), again(51)),
      { identity: anaTwo },
    ),
    row(
      "reinstated by two officers",
      "person-revoked",
      inOrder(end("ana", null, ["omar"]), lift("ana", ["omar", "olga"])),
      { refused: ["reinstatement-unsigned"] },
    ),
    row(
      "reinstated by the coordinator alone",
      "person-revoked",
      inOrder(end("ana", null, ["omar"]), lift("ana", ["cora"])),
      { refused: ["reinstatement-unsigned"] },
    ),
    row(
      "reinstated with her own help",
      "person-revoked",
      inOrder(end("ana", null, ["omar"]), lift("ana", ["ana", "olga"])),
      { refused: ["reinstatement-unsigned"] },
    ),
    row(
      "suspended twice and reinstated once",
      "person-revoked",
      inOrder(
        end("ana", null, ["omar"]),
        async (log) =>
          log.at(49).add("revocation", "ana again", await revocation("ana", null), ["cora"]),
        lift("ana", ["cora", "olga"]),
      ),
    ),
    row(
      "suspended twice and reinstated from what was said last",
      "ok",
      inOrder(
        end("ana", null, ["omar"]),
        async (log) =>
          log.at(49).add("revocation", "ana again", await revocation("ana", null), ["cora"]),
        lift("ana", ["cora", "olga"], 50, "again"),
        again(51),
      ),
      { identity: anaTwo },
    ),
    row(
      "a suspension entered once more after she was reinstated",
      "ok",
      inOrder(end("ana", null, ["omar"]), lift("ana", ["cora", "olga"]), again(51), async (log) =>
        log.at(52).again("revocation", "ana null"),
      ),
      { identity: anaTwo, refused: ["serial-known"] },
    ),
    row(
      "removed is final",
      "person-revoked",
      inOrder(
        end("ana", null, ["omar"], { kind: "removed" }),
        lift("ana", ["cora", "olga"]),
        designate(renewed, ["cora", "olga", "omar"], 60),
      ),
      { refused: ["nothing-revoked", "person-revoked"] },
    ),
    row(
      "a suspended coordinator is reinstated by two officers",
      "device-revoked",
      inOrder(end("cora", null, ["omar"]), lift("cora", ["omar", "olga"])),
      { identity: cora },
    ),
    row(
      "no device is named while suspended",
      "person-revoked",
      inOrder(end("ana", null, ["omar"]), again(49)),
      { identity: anaTwo, refused: ["person-revoked"] },
    ),

    row(
      "the device is revoked by an officer",
      "device-revoked",
      end("ana", "device of ana", ["olga"]),
    ),
    row(
      "the device is revoked by the coordinator",
      "device-revoked",
      end("ana", "device of ana", ["cora"]),
    ),
    row(
      "the device is revoked by the person",
      "device-revoked",
      end("ana", "device of ana", ["ana"]),
    ),
    row("another device of the person is revoked", "ok", end("ana", "another device", ["ana"])),
    row(
      "somebody names another's device as their own to revoke it",
      "ok",
      end("cora", "device of ana", ["cora"]),
    ),

    row(
      "lost keys: a new binding by coordinator and officer ends the old device",
      "device-revoked",
      inOrder(at(50), rebind(["cora", "olga"])),
    ),
    row(
      "lost keys: the new device counts, and she is limited anew",
      "ok",
      inOrder(at(90), rebind(["cora", "olga"]), again(91, "ana two")),
      { identity: anaTwo, effective: hours(114) },
    ),
    row("lost keys by the coordinator alone", "ok", inOrder(at(50), rebind(["cora"])), {
      refused: ["binding-unsigned"],
    }),
    row(
      "the same key bound again by the coordinator",
      "ok",
      inOrder(at(50), rebind(["cora"], "ana")),
    ),
    row(
      "an older binding that was kept back",
      "device-revoked",
      inOrder(at(20), rebind(["cora", "olga"], "ana two"), async (log) =>
        log
          .at(40)
          .add("binding", "ana 3", { ...(await binding("SV", "ana")), issued: hours(10) }, [
            "cora",
            "olga",
          ]),
      ),
      { refused: ["superseded"] },
    ),
    row(
      "a lost key is not bound again, whoever signs, and brings no device back",
      "device-revoked",
      inOrder(at(50), rebind(["cora", "olga"]), at(60), bindOnceMore("ana")),
      { refused: ["key-known"] },
    ),
    row(
      "with a lost key no device is named any more",
      "device-unsigned",
      inOrder(at(50), rebind(["cora", "olga"]), at(60), bindOnceMore("ana"), again(61)),
      { identity: anaTwo, refused: ["key-known", "device-unsigned"] },
    ),
    row(
      "the key that took its place stays, and the device that it named",
      "ok",
      inOrder(
        at(50),
        rebind(["cora", "olga"]),
        again(51, "ana two"),
        at(60),
        bindOnceMore("ana"),
        at(61),
        bindOnceMore("ana two"),
      ),
      { identity: anaTwo, refused: ["key-known"] },
    ),

    row(
      "a liaison becomes coordinator, but vouches for nobody before an officer bound her",
      "ok",
      inOrder(
        designate({ roles: ["coordinator", "liaison"] }, ["olga", "omar"], 60),
        async (log) => {
          await log
            .at(61)
            .add("designation", "eva", await designation("SV", "eva", ["liaison"]), [
              "ana",
              "olga",
              "omar",
            ]);
        },
      ),
      { refused: ["designation-unsigned"] },
    ),
    row(
      "a second coordinator vouches too",
      "ok",
      inOrder(
        at(40),
        coral,
        end("ana", null, ["coral"]),
        lift("ana", ["coral", "olga"]),
        again(51),
      ),
      { identity: anaTwo },
    ),
  ];
}

/** A further binding of Ana's newest designation, under all the hands that there may be. */
function bindOnceMore(key: string): Change {
  return async (log) =>
    log.add("binding", `ana once more ${key}`, await binding("SV", "ana", key), [
      "cora",
      "olga",
      "omar",
    ]);
}

/** What one officer cannot do by calling it a renewal: each is something new. */
function byOne(renewed: Fields): Row[] {
  const changed: [string, Fields][] = [
    ["with another name", { name: "Otra Persona" }],
    ["with another post", { post: "Otro cargo" }],
    ["in another office", { office: "00000000-0000-4000-8000-000000000099" }],
    ["of another agency", { agency: "Otra institución" }],
    ["with another scope", { scope: ["other"] }],
    ["with another language", { languages: ["es", "fr"] }],
    ["in a hurry", { urgent: true, issued: hours(60), until: hours(120) }],
    ["after a gap", { from: hours(24 * 370), until: hours(24 * 380) }],
  ];
  return changed.map(([what, fields]) =>
    row(
      `renewed ${what}, by one officer beside the coordinator`,
      "ok",
      designate({ ...renewed, from: hours(60), ...fields }, ["cora", "olga"], 60),
      { refused: ["designation-unsigned"] },
    ),
  );
}
