/** A part of a thread carried to a court, in the words that the scenarios are written in. */

import type { ExportRow } from "../../src/api/exports";
import { utf8 } from "../../src/bytes";
import { decodeMessage } from "../../src/crypto/wire";
import type { Survey } from "../../src/effects/exports/survey";
import { membersOf, packedOf, unpacked } from "../../src/verify/bundle/zip";
import type { Parts, Verdict } from "../../src/verify/court/check";
import { type Contents, manifestOf, packExport } from "../../src/verify/court/file";
import * as form from "../../src/verify/court/form";
import { TLOG } from "../vectors/tlog";
import { NEIGHBOUR } from "./authority";
import { Courts } from "./courts";
import { type Desk, talking, threadOf, until, type World } from "./world";

export const TOOLS = {
  page: utf8.encode("<!doctype html>"),
  readmes: ["uno", "one", "un"] as [string, string, string],
  pdf: async (verdict: Verdict) => utf8.encode(`%PDF ${verdict.read?.shown.length}`),
};
const SAID = {
  purpose: "trial" as const,
  court: "Juzgado 3",
  recipient: "Jueza Ficticia",
  name: "Traslado",
  reference: "SV-2026-0",
};

/** Ana and Boris talk; `neighbour` and `chief` come in where a test asks for them. */
export async function begin(world: World) {
  world.authority.directory.acts = { vkey: TLOG.log.vkey, receipts: async () => [] };
  const courts = new Courts(world.authority, {
    log: (thread) => world.service.group(thread).log,
    aadOf: ({ body, kind }) => {
      if (kind === "commit") return "";
      const message = decodeMessage(body);
      if (message.wireformat !== "mls_private_message") return "";
      return new TextDecoder().decode(message.privateMessage.authenticatedData);
    },
    personOf: (device) => world.service.registry.devices.get(device)?.person ?? "",
  });
  const api = world.service.api.bind(world.service);
  world.service.api = (person) => ({ ...api(person), ...courts.routes(person) });
  const both = await talking(world);
  return { ...both, courts, all: [both.ana, both.boris] };
}

export async function neighbourIn(
  world: World,
  ana: Desk,
  caseId: string,
  circle: string,
): Promise<Desk> {
  const mara = await world.person(NEIGHBOUR);
  await ana.client.addPerson(caseId, mara.person, [circle]);
  await until("the neighbour is in", () => threadOf(mara.client, circle)?.status === "active");
  return mara;
}

export const row = (desk: Desk): ExportRow => {
  const [first] = desk.client.view().exports;
  if (first === undefined) throw new Error("nothing was asked for");
  return first;
};

/** Ask for all of a thread; `told` is what a changed program says of it instead. */
export async function ask(desk: Desk, circle: string, told: Partial<Survey> = {}) {
  const found = await desk.client.exports.survey(circle, 0, Date.now() + 60_000);
  if (found === null) throw new Error("nothing was said");
  await desk.client.exports.ask(circle, { ...found, ...told }, SAID);
  return found;
}

export const make = async (desk: Desk) => (await desk.client.exports.make(row(desk), TOOLS)).file;

/** The reader's own keys, as they got them another way. */
export async function own(world: World) {
  const policy = await world.authority.directory.api("").publicLog.policy();
  return { policy, roots: JSON.stringify(world.authority.roots) };
}

export const codes = ({ findings }: Verdict) =>
  [...new Set(findings.map(({ code }) => code))].sort();
export const said = ({ read }: Verdict) =>
  (read?.shown ?? []).flatMap((one) =>
    one.is === "said" && one.content.kind === "text" ? [one.content.text] : [],
  );
export const held = ({ read }: Verdict) =>
  (read?.shown ?? []).flatMap((one) => (one.is === "held" ? [one.why] : []));

/** What a file holds, by name. */
export async function contentsOf(file: Blob): Promise<Record<string, Uint8Array>> {
  const contents: Record<string, Uint8Array> = {};
  for (const one of await membersOf(file)) {
    contents[one.name] = await unpacked(one, await packedOf(file, one));
  }
  return contents;
}

/** The file with one of its contents changed, and its list as it was, or made anew. */
export async function changed(
  file: Blob,
  name: string,
  to: (text: string) => string,
  anew: boolean,
): Promise<Blob> {
  const contents = await contentsOf(file);
  contents[name] = utf8.encode(to(utf8.decode(contents[name] ?? new Uint8Array())));
  const manifest = anew ? await manifestOf(contents as Contents) : contents[form.MANIFEST];
  const made = contents[form.MADE] ?? new Uint8Array();
  return packExport(contents as Contents, manifest ?? new Uint8Array(), made);
}

/** What of a file is looked at. */
export async function partsOf(file: Blob): Promise<Parts> {
  const contents = await contentsOf(file);
  const content = (name: string) => contents[name] ?? new Uint8Array();
  return {
    acts: content(form.WISH),
    directory: content(form.DIRECTORY),
    entries: content(form.ENTRIES),
    policy: utf8.decode(content(form.POLICY)),
    roots: utf8.decode(content(form.ROOTS)),
  };
}

/** The device of somebody, as the registry of the service knows it. */
export function deviceOf(world: World, { person }: Desk): string {
  const [found] = [...world.service.registry.devices].filter(([, one]) => one.person === person);
  return found?.[0] ?? "";
}
