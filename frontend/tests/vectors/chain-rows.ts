/** One row, one chain: what is changed in the good one, and what both readers must then say. */
import type { ChainReason } from "../../src/verify/chain";
import {
  binding,
  designation,
  device,
  type Fields,
  identityOf,
  keyOf,
  type Links,
  LONG_AGO,
  NOW,
  officer,
  revocation,
  TOMORROW,
  uuidOf,
  YESTERDAY,
} from "./chain-links";

export type Change = (links: Links) => Promise<unknown>;
export type Row = [
  name: string,
  expected: "ok" | ChainReason,
  change: Change,
  identity?: Fields | undefined,
  now?: string,
];

export async function rows(): Promise<Row[]> {
  const ana = await identityOf("ana");
  const anasDesignation = await designation("SV", "ana", ["liaison"]);
  const anasDevice = await device("SV", "ana");
  const nothing: Change = async () => undefined;
  const designate =
    (fields: Fields, signers: string[]): Change =>
    (links) =>
      links.put("designation", "ana", { ...anasDesignation, ...fields }, signers);
  const named =
    (fields: Fields, signers: string[] = ["ana"]): Change =>
    (links) =>
      links.put("device", "ana", { ...anasDevice, ...fields }, signers);
  const bind =
    (signers: string[], fields: Fields = {}): Change =>
    async (links) =>
      links.put("binding", "ana", { ...(await binding("SV", "ana")), ...fields }, signers);
  const revoke =
    (name: string, of: string | null, signers: string[]): Change =>
    async (links) =>
      links.put("revocation", `${name} ${of}`, await revocation(name, of), signers);
  const expiredOfficer =
    (name: string): Change =>
    async (links) =>
      links.put("officer", name, { ...(await officer("SV", name)), until: YESTERDAY }, ["root SV"]);
  const both =
    (...changes: Change[]): Change =>
    async (links) => {
      for (const change of changes) await change(links);
    };
  const secondOlga: Change = async (links) =>
    links.put("officer", "olga again", await officer("SV", "olga", "olga two"), ["root SV"]);
  const omarWithOlgasKey: Change = async (links) =>
    links.put("officer", "omar", await officer("SV", "omar", "olga"), ["root SV"]);
  const older = async (
    links: Links,
    type: "designation" | "binding",
    fields: Fields,
    by: string[],
  ) => links.put(type, "ana before", { ...fields, issued: LONG_AGO }, by);

  return [
    ["a liaison's device, bound by the coordinator", "ok", nothing],
    ["a coordinator's device, bound by an officer", "ok", nothing, await identityOf("cora")],
    ["statements in the reverse order", "ok", nothing],
    ["a third signature that is not needed", "ok", designate({}, ["olga", "omar", "gala"])],

    [
      "the root is not the pinned one",
      "designation-unsigned",
      async (links) => {
        await links.put("officer", "olga", await officer("SV", "olga"), ["root GT"]);
        await links.put("officer", "omar", await officer("SV", "omar"), ["root GT"]);
      },
    ],
    [
      "an officer is missing",
      "designation-unsigned",
      async (links) => links.without("officer", "omar"),
    ],
    ["an officer's mandate is over", "designation-unsigned", expiredOfficer("omar")],

    ["no designation", "no-designation", async (links) => links.without("designation", "ana")],
    ["a designation by one officer", "designation-unsigned", designate({}, ["olga"])],
    ["a designation by one officer twice", "designation-unsigned", designate({}, ["olga", "olga"])],
    [
      "a designation by one officer with two keys",
      "designation-unsigned",
      both(secondOlga, designate({}, ["olga", "olga two"])),
    ],
    [
      "a designation by two officers with one key",
      "designation-unsigned",
      both(omarWithOlgasKey, designate({}, ["olga"])),
    ],
    [
      "a designation by officers of another State",
      "designation-unsigned",
      designate({}, ["gala", "gil"]),
    ],
    [
      "a designation by an officer and the root",
      "designation-unsigned",
      designate({}, ["olga", "root SV"]),
    ],
    [
      "a designation by an officer and the coordinator",
      "designation-unsigned",
      designate({}, ["olga", "cora"]),
    ],
    [
      "a designation that begins tomorrow",
      "designation-not-yet",
      designate({ from: TOMORROW }, ["olga", "omar"]),
    ],
    ["a designation that begins now", "ok", designate({ from: NOW }, ["olga", "omar"])],
    [
      "a designation that ended yesterday",
      "designation-expired",
      designate({ until: YESTERDAY }, ["olga", "omar"]),
    ],
    [
      "a designation that ends now",
      "designation-expired",
      designate({ until: NOW }, ["olga", "omar"]),
    ],
    [
      "an older designation holds where the newer is unsigned",
      "ok",
      both(designate({}, ["olga"]), (links) =>
        older(links, "designation", anasDesignation, ["olga", "omar"]),
      ),
    ],

    ["no binding", "no-binding", async (links) => links.without("binding", "ana")],
    ["a binding by nobody", "binding-unsigned", bind([])],
    ["a binding by oneself", "binding-unsigned", bind(["ana"])],
    ["a liaison's binding by an officer", "binding-unsigned", bind(["olga"])],
    ["a binding by the coordinator of another State", "binding-unsigned", bind(["gema"])],
    ["a binding in another State's name", "binding-unsigned", bind(["cora"], { state: "GT" })],
    [
      "a binding by one who is no coordinator any more",
      "binding-unsigned",
      async (links) =>
        links.put("designation", "cora", await designation("SV", "cora", ["liaison"]), [
          "olga",
          "omar",
        ]),
    ],
    [
      "a binding by a coordinator whom nobody bound",
      "binding-unsigned",
      async (links) => links.without("binding", "cora"),
    ],
    [
      "a coordinator's own binding by himself",
      "binding-unsigned",
      async (links) => links.put("binding", "cora", await binding("SV", "cora"), ["cora"]),
      await identityOf("cora"),
    ],
    [
      "a coordinator's binding by another coordinator",
      "binding-unsigned",
      async (links) => {
        await links.put("designation", "coral", await designation("SV", "coral", ["coordinator"]), [
          "olga",
          "omar",
        ]);
        await links.put("binding", "coral", await binding("SV", "coral"), ["olga"]);
        await links.put("binding", "cora", await binding("SV", "cora"), ["coral"]);
      },
      await identityOf("cora"),
    ],
    [
      "a binding by a coordinator who was revoked",
      "binding-unsigned",
      revoke("cora", null, ["olga"]),
    ],
    [
      "a binding by a coordinator one of whose devices was revoked",
      "ok",
      revoke("cora", "device of cora", ["olga"]),
    ],
    [
      "a newer binding replaces the key",
      "device-unsigned",
      both(bind(["cora"], await binding("SV", "ana", "ana two")), async (links) =>
        older(links, "binding", await binding("SV", "ana"), ["cora"]),
      ),
    ],

    ["the person was revoked by an officer", "person-revoked", revoke("ana", null, ["omar"])],
    ["the person was revoked by the coordinator", "person-revoked", revoke("ana", null, ["cora"])],
    ["the person was revoked by the person", "person-revoked", revoke("ana", null, ["ana"])],
    [
      "the person was revoked by a coordinator who was revoked",
      "person-revoked",
      both(
        revoke("ana", null, ["cora"]),
        revoke("cora", null, ["olga"]),
        bind(["coral"]),
        async (links) => {
          const may = await designation("SV", "coral", ["coordinator"]);
          await links.put("designation", "coral", may, ["olga", "omar"]);
          await links.put("binding", "coral", await binding("SV", "coral"), ["olga"]);
        },
      ),
    ],
    ["a revocation by another State's officer", "ok", revoke("ana", null, ["gala"])],
    ["a revocation by another State's coordinator", "ok", revoke("ana", null, ["gema"])],
    ["a revocation by nobody", "ok", revoke("ana", null, [])],
    ["a revocation by the device's own key", "ok", revoke("ana", null, ["signature of ana"])],
    ["somebody else's revocation", "ok", revoke("gema", null, ["gala"])],

    [
      "no device statement with the serial",
      "no-device",
      async (links) => links.without("device", "ana"),
    ],
    ["a device signed by its own key", "device-unsigned", named({}, ["signature of ana"])],
    ["a device signed by the coordinator", "device-unsigned", named({}, ["cora"])],
    [
      "a device in another State's name",
      "device-unsigned",
      named({ state: "GT" }),
      { ...ana, state: "GT" },
    ],
    ["a device from tomorrow", "device-not-yet", named({ from: TOMORROW })],
    ["a device until yesterday", "device-expired", named({ until: YESTERDAY })],
    ["a device that ends now", "device-expired", named({ until: NOW })],
    [
      "the device was revoked by an officer",
      "device-revoked",
      revoke("ana", "device of ana", ["olga"]),
    ],
    [
      "the device was revoked by the coordinator",
      "device-revoked",
      revoke("ana", "device of ana", ["cora"]),
    ],
    [
      "the device was revoked by the person",
      "device-revoked",
      revoke("ana", "device of ana", ["ana"]),
    ],
    ["another device of the person was revoked", "ok", revoke("ana", "another device", ["ana"])],

    [
      "another signature key in the credential",
      "key-mismatch",
      nothing,
      { ...ana, signature_key: await keyOf("eva") },
    ],
    [
      "another history key in the credential",
      "key-mismatch",
      nothing,
      { ...ana, history_key: await keyOf("eva") },
    ],
    [
      "another device id in the credential",
      "key-mismatch",
      nothing,
      { ...ana, device: await uuidOf("another device") },
    ],
    [
      "another person in the credential",
      "key-mismatch",
      nothing,
      { ...ana, person: await uuidOf("cora") },
    ],
    ["another State in the credential", "key-mismatch", nothing, { ...ana, state: "GT" }],

    [
      "everything is over in two years",
      "designation-unsigned",
      nothing,
      ana,
      "2028-11-24T12:00:00Z",
    ],
  ];
}
