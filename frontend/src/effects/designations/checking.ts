/**
 * What an officer's page finds out itself before it offers to sign: by signatures, not by rows.
 *
 * The server says who nominated and who has signed. Here the bytes are read, every signature under
 * them is verified, and each key is looked up in the directory's log as it was replayed here.
 */

import { b64u } from "../../bytes";
import { StatementMalformed } from "../../crypto/statements";
import type { Directory } from "../../verify/chain";
import { differing, type Fields, type Said, saidIn } from "./payload";

type Hand = { readonly key: string; readonly signature: string };
type Official = { readonly id: string; readonly name: string };

/** As much of a nomination as is judged here. */
export type Nomination = {
  readonly state: string;
  readonly person: string;
  readonly drafts: string;
  readonly fields: Fields;
  readonly body: string | null;
  readonly digest: string;
  readonly nominated_by: Official | null;
  readonly nomination: Hand | null;
  readonly approvals: ReadonlyArray<{
    readonly officer: Official;
    readonly key: string;
    readonly signature: string;
  }>;
};

/** Something that speaks against signing; `who` is named in the words of some. */
export type Against =
  | "body-malformed"
  | "body-differs"
  | "digest-differs"
  | "nominator-signature"
  | "nominator-unknown"
  | "nominator-nominee"
  | "officer-signature"
  | "officer-unknown";

export type Checked = {
  /** What the bytes say; null if they say nothing. */
  readonly said: Said | null;
  readonly against: ReadonlyArray<{ readonly why: Against; readonly who: string }>;
  /** Names of those whose signature was verified here, as the directory's log knows them. */
  readonly verified: readonly string[];
  /** Whether another person of the State bears the same name in the directory's log. */
  readonly namesake: boolean;
  /** The signed name of whoever is to stand in; null if nobody is, or nobody of that id is known. */
  readonly deputy: string | null;
};

export async function checkNomination(
  found: Nomination,
  directory: Directory,
  now: number,
): Promise<Checked> {
  const hands = [...(found.nomination ? [found.nomination] : []), ...found.approvals].map(
    ({ key, signature }) => ({ key, signature }),
  );
  const read = await readOrNull(found.body, hands);
  if (read === null || found.body === null) return refused("body-malformed");
  const against: { why: Against; who: string }[] = [];
  const verified: string[] = [];
  const { fields, signers, digest } = read;
  if (digest !== found.digest) against.push({ why: "digest-differs", who: "" });
  const other = differing(b64u.decode(found.body), found.fields).length > 0;
  if (other || fields.person !== found.person || fields.state !== found.state) {
    against.push({ why: "body-differs", who: "" });
  }
  const nominator = found.nominated_by;
  const key = found.nomination?.key ?? "";
  if (nominator === null || !signers.has(key)) {
    against.push({ why: "nominator-signature", who: nominator?.name ?? "" });
  } else if (nominator.id === fields.person) {
    against.push({ why: "nominator-nominee", who: nominator.name });
  } else if (!isInForce(directory, nominator.id, key, found.drafts, fields.state, now)) {
    against.push({ why: "nominator-unknown", who: nominator.name });
  } else verified.push(directory.named(nominator.id)?.name ?? nominator.name);
  for (const { officer, key: own } of found.approvals) {
    if (!signers.has(own)) against.push({ why: "officer-signature", who: officer.name });
    else if (!isInForce(directory, officer.id, own, "ministry", fields.state, now)) {
      against.push({ why: "officer-unknown", who: officer.name });
    } else verified.push(directory.named(officer.id)?.name ?? officer.name);
  }
  const namesakes = directory.namesakes(fields.person, fields.name, fields.state);
  const deputy = fields.deputy === null ? null : (directory.named(fields.deputy)?.name ?? null);
  return { said: fields, against, verified, namesake: namesakes.length > 0, deputy };
}

/** Whether somebody's key counts now as a coordinator's or an officer's of the State. */
export function isInForce(
  directory: Directory,
  person: string,
  key: string,
  role: string,
  state: string,
  now: number,
): boolean {
  const hands = directory.hands(state, { now });
  return (role === "ministry" ? hands.officers : hands.coordinators).get(person) === key;
}

function refused(why: Against): Checked {
  return { said: null, against: [{ why, who: "" }], verified: [], namesake: false, deputy: null };
}

async function readOrNull(body: string | null, hands: readonly Hand[]) {
  if (body === null) return null;
  try {
    return await saidIn(body, hands);
  } catch (error) {
    if (error instanceof StatementMalformed) return null;
    throw error;
  }
}
