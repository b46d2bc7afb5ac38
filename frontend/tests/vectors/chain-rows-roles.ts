/** Which designations count, in which roles one reads, and that a key is one person's. */
import {
  again,
  at,
  type Change,
  coral,
  designate,
  inOrder,
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
  keyOf,
  officer,
} from "./chain-links";

const ALL = ["cora", "olga", "omar"];
const until = hours(24 * 365);
const eva = await identityOf("eva");

/** Eva is designated in these roles, bound, and names a device. */
const designated =
  (roles: string[], signers: string[]): Change =>
  async (log) => {
    await log.add("designation", "eva", await designation("SV", "eva", roles), signers);
    await log.add("binding", "eva", await binding("SV", "eva"), ["cora"]);
    await log.add("device", "eva", await device("SV", "eva"), ["eva"]);
  };

export async function roles(): Promise<Row[]> {
  return [...(await readers()), ...unbound(), ...(await keys())];
}

/** Threads are read by liaisons and coordinators, whatever host or member lets somebody in. */
async function readers(): Promise<Row[]> {
  const others = ["central-authority", "national-auditor"].flatMap((role) => [
    row(
      `a device of somebody designated ${role}`,
      "reads-nothing",
      designated([role], ["olga", "omar"]),
      {
        identity: eva,
        refused: ["reads-nothing"],
      },
    ),
    row(
      `a liaison who was designated ${role} since`,
      "reads-no-more",
      renew({ roles: [role] }, ["olga", "omar"], 60),
    ),
    row(
      `as of the entries before her key was vouched for as ${role}`,
      "ok",
      renew({ roles: [role] }, ["olga", "omar"], 60),
      { size: 17 },
    ),
  ]);
  return [
    ...others,
    row(
      "another device of somebody who reads no more",
      "reads-nothing",
      inOrder(renew({ roles: ["central-authority"] }, ["olga", "omar"], 60), again(61)),
      { identity: await identityOf("ana", "SV", "ana two"), refused: ["reads-nothing"] },
    ),
    row(
      "a liaison who is central authority besides",
      "ok",
      designated(["central-authority", "liaison"], ALL),
      { identity: eva },
    ),
    row(
      "a coordinator who is no liaison",
      "ok",
      inOrder(coral, async (log) => {
        await log.add("device", "coral", await device("SV", "coral"), ["coral"]);
      }),
      { identity: await identityOf("coral") },
    ),
    row(
      "a device of a ministry's officer",
      "no-designation",
      async (log) => log.add("device", "olga", await device("SV", "olga"), ["olga"]),
      { identity: await identityOf("olga"), refused: ["no-designation"] },
    ),
  ];
}

/** What was approved and never bound, as what was rejected since, neither gives nor takes. */
function unbound(): Row[] {
  const short = designate({ until: hours(80) }, ALL);
  const third: Change = async (log) => {
    const may = await designation("SV", "ana", ["liaison"]);
    const fields = { ...may, post: "Otro cargo", from: hours(70), until };
    await log.at(70).add("designation", "ana 3", fields, ["cora", "olga"]);
  };
  return [
    row(
      "renewed and bound, beyond the term before",
      "ok",
      inOrder(short, renew({ until, from: hours(60) }, ALL, 60)),
    ),
    row(
      "approved anew and never bound: the term before ends when it said",
      "designation-expired",
      inOrder(short, designate({ until, from: hours(60) }, ALL, 60)),
    ),
    row(
      "approved for a shorter time and never bound: the term before lasts",
      "ok",
      designate({ until: hours(80) }, ALL, 60),
    ),
    row(
      "approved in a role that reads nothing and never bound: she reads on",
      "ok",
      designate({ roles: ["central-authority"] }, ["olga", "omar"], 60),
    ),
    row(
      "one officer prolongs nothing that was approved and never bound",
      "ok",
      inOrder(designate({ until, from: hours(60), post: "Otro cargo" }, ALL, 60), third),
      { refused: ["designation-unsigned"] },
    ),
    row(
      "one officer prolongs what was bound",
      "ok",
      inOrder(renew({ until, from: hours(60), post: "Otro cargo" }, ALL, 60), third),
    ),
  ];
}

/** A key is one person's, whatever it was for and whether it counts still. */
async function keys(): Promise<Row[]> {
  const evas = (key: string): Change => {
    return async (log) => {
      await log.add("designation", "eva", await designation("SV", "eva", ["liaison"]), ALL);
      await log.add("binding", "eva", await binding("SV", "eva", key), ["cora"]);
      await log.add("device", "eva", await device("SV", "eva"), [key]);
    };
  };
  const taken = { identity: eva, refused: ["key-known", "no-binding"] } satisfies Partial<Row>;
  const twin = await identityOf("ana", "SV", "twin");
  const named = (change: Fields) =>
    row(
      `a device under another's ${Object.keys(change).join()}`,
      "device-known",
      async (log) => {
        const fields = { ...(await device("SV", "ana", "twin")), ...change };
        await log.at(1).add("device", "twin", fields, ["ana"]);
      },
      { identity: { ...twin, ...change }, refused: ["device-known"] },
    );
  return [
    row("bound to another liaison's identity key", "key-known", evas("ana"), taken),
    row("bound to the key of another's device", "key-known", evas("signature of cora"), taken),
    row("bound to a State's root", "key-known", evas("root SV"), taken),
    row(
      "bound to a key that somebody else had before",
      "key-known",
      inOrder(at(50), rebind(["cora", "olga"]), evas("ana")),
      taken,
    ),
    row(
      "an officer under a liaison's key",
      "no-device",
      async (log) => {
        await log.add("officer", "eva", await officer("SV", "eva", "ana"), ["root SV"]);
      },
      { identity: eva, refused: ["key-known"] },
    ),
    named({ signature_key: await keyOf("cora") }),
    named({ history_key: await keyOf("history of cora") }),
  ];
}
