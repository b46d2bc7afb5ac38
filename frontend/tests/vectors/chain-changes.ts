/** What rows of the chain vectors are written in: a log, and what is changed in it. */
import type { ChainReason } from "../../src/verify/chain";
import {
  binding,
  designation,
  device,
  type Fields,
  hours,
  identityOf,
  type Log,
  NOW,
  revocation,
  uuidOf,
} from "./chain-links";

export type Change = (log: Log) => Promise<unknown>;
export type Row = {
  name: string;
  /** Of Ana's device at {@link NOW}, unless another is named. */
  expect: "ok" | ChainReason;
  change: Change;
  identity?: Fields;
  now?: string;
  /** As of so many entries. */
  size?: number;
  /** Reasons of the entries that have no effect, in order. */
  refused?: ChainReason[];
  /** From when she may join what several States read. */
  effective?: string;
  /** What she does besides. */
  functions?: string[];
  roots?: Record<string, string>;
};

export const nothing: Change = async () => undefined;
export const inOrder =
  (...changes: Change[]): Change =>
  async (log) => {
    for (const change of changes) await change(log);
  };
export const at =
  (hour: number): Change =>
  async (log) =>
    log.at(hour);

export const designate =
  (fields: Fields, signers: string[], hour = 0): Change =>
  async (log) => {
    const may = { ...(await designation("SV", "ana", ["liaison"])), ...fields };
    if (hour === 0) await log.put("designation", "ana", may, signers);
    else await log.at(hour).add("designation", "ana 2", may, signers);
  };
/** The same, and her key vouched for in it: only then does it count. */
export const renew =
  (fields: Fields, signers: string[], hour: number, by = "cora"): Change =>
  async (log) => {
    await designate(fields, signers, hour)(log);
    await log.add("binding", "ana 2", await binding("SV", "ana", "ana", "ana 2"), [by]);
  };
export const bind =
  (signers: string[], key = "ana"): Change =>
  async (log) =>
    log.put("binding", "ana", await binding("SV", "ana", key), signers);
export const rebind =
  (signers: string[], key = "ana two", fields: Fields = {}): Change =>
  async (log) =>
    log.add("binding", "ana 2", { ...(await binding("SV", "ana", key)), ...fields }, signers);
export const name =
  (fields: Fields, signers: string[] = ["ana"]): Change =>
  async (log) =>
    log.put("device", "ana", { ...(await device("SV", "ana")), ...fields }, signers);
export const again =
  (hour: number, by = "ana"): Change =>
  async (log) =>
    log.at(hour).add("device", "ana two", await device("SV", "ana", "ana two"), [by]);
export const end =
  (who: string, of: string | null, signers: string[], fields: Fields = {}, hour = 48): Change =>
  async (log) => {
    const fit = { ...(await revocation(who, of)), ...fields };
    await log.at(hour).add("revocation", `${who} ${of}`, fit, signers);
  };
export const lift =
  (who: string, signers: string[], hour = 50, which = "null"): Change =>
  async (log) => {
    const revokes = await log.digest("revocation", `${who} ${which}`);
    const fields = { state: "SV", person: await uuidOf(who), revokes };
    await log.at(hour).add("reinstatement", who, fields, signers);
  };
export const stop =
  (signers: string[], hour: number, which = "SV"): Change =>
  async (log) => {
    const fields = { state: "SV", reason: "breach", issued: hours(24) };
    await log.at(hour).add("state-stop", which, fields, signers);
  };
export const goOn =
  (signers: string[], hour: number, which = "SV"): Change =>
  async (log) => {
    const stops = await uuidOf(`state-stop ${which}`);
    await log.at(hour).add("state-lift", "SV", { state: "SV", stops }, signers);
  };
export const coral: Change = async (log) => {
  const may = await designation("SV", "coral", ["coordinator"]);
  await log.add("designation", "coral", may, ["olga", "omar"]);
  await log.add("binding", "coral", await binding("SV", "coral"), ["olga"]);
};
export const ana = await identityOf("ana");
export const anaTwo = await identityOf("ana", "SV", "ana two");
export const cora = await identityOf("cora");
export const row = (
  what: string,
  expect: Row["expect"],
  change: Change,
  more: Partial<Row> = {},
): Row => ({
  ...{ name: what, expect, change },
  ...more,
});
