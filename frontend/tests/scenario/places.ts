/** Who stands where in a group, as its public state says. */

import { ratchetTreeFromExtension } from "ts-mls/groupInfo.js";
import { decodeIdentity } from "../../src/crypto/identity";
import { rosterOf } from "../../src/crypto/roster";
import { decodeGroupInfo } from "../../src/crypto/wire";

export type Place = { leaf: number; device: string; person: string };

export function placesIn(groupInfo: Uint8Array): Place[] {
  const tree = ratchetTreeFromExtension(decodeGroupInfo(groupInfo)) ?? [];
  return rosterOf(tree).map(({ leaf, credential }) => {
    const { device, person } = decodeIdentity(credential);
    return { leaf, device, person };
  });
}
