/** A part of a thread carried to a court: what leaves, who has to look at it, and what a reader finds. */

import { afterEach, describe, expect, it } from "vitest";
import type { ExportRow } from "../../src/api/exports";
import { utf8 } from "../../src/bytes";
import { digestOf } from "../../src/crypto/content";
import { decodeMessage } from "../../src/crypto/wire";
import { membersOf, packedOf, unpacked } from "../../src/verify/bundle/zip";
import type { Verdict } from "../../src/verify/court/check";
import { type Contents, checkExport, manifestOf, packExport } from "../../src/verify/court/file";
import * as form from "../../src/verify/court/form";
import { TLOG } from "../vectors/tlog";
import { NEIGHBOUR } from "./authority";
import { Courts } from "./courts";
import { at, say, seen } from "./said";
import { type Desk, talking, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const TOOLS = {
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
async function begin() {
  world = await World.make();
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

async function neighbourIn(ana: Desk, caseId: string, circle: string): Promise<Desk> {
  const mara = await world.person(NEIGHBOUR);
  await ana.client.addPerson(caseId, mara.person, [circle]);
  await until("the neighbour is in", () => threadOf(mara.client, circle)?.status === "active");
  return mara;
}

const row = (desk: Desk): ExportRow => {
  const [first] = desk.client.view().exports;
  if (first === undefined) throw new Error("nothing was asked for");
  return first;
};

async function ask(desk: Desk, circle: string) {
  const found = await desk.client.exports.survey(circle, 0, Date.now() + 60_000);
  if (found === null) throw new Error("nothing was said");
  await desk.client.exports.ask(circle, found, SAID);
  return found;
}

const make = async (desk: Desk) => (await desk.client.exports.make(row(desk), TOOLS)).file;

/** The reader's own keys, as they got them another way. */
async function own() {
  const policy = await world.authority.directory.api("").publicLog.policy();
  return { policy, roots: JSON.stringify(world.authority.roots) };
}

const codes = ({ findings }: Verdict) => [...new Set(findings.map(({ code }) => code))].sort();
const said = ({ read }: Verdict) =>
  (read?.shown ?? []).flatMap((one) =>
    one.is === "said" && one.content.kind === "text" ? [one.content.text] : [],
  );
const held = ({ read }: Verdict) =>
  (read?.shown ?? []).flatMap((one) => (one.is === "held" ? [one.why] : []));

/** The file with one of its contents changed, and its list and receipt as they were, or made anew. */
async function changed(file: Blob, name: string, to: (text: string) => string, anew = true) {
  const contents: Record<string, Uint8Array> = {};
  for (const one of await membersOf(file)) {
    contents[one.name] = await unpacked(one, await packedOf(file, one));
  }
  contents[name] = utf8.encode(to(utf8.decode(contents[name] ?? new Uint8Array())));
  const manifest = anew ? await manifestOf(contents as Contents) : contents[form.MANIFEST];
  const made = contents[form.MADE] ?? new Uint8Array();
  return packExport(contents as Contents, manifest ?? new Uint8Array(), made);
}

describe("an export of one's own State's words", () => {
  it("is of one piece, and shows who said what in which order", async () => {
    const { ana, boris, circle, all } = await begin();
    const first = await say(ana, all, circle, "Llega el martes");
    await ana.client.act(circle, first, { kind: "edit", text: "Llega el miércoles" });
    await seen(all, circle, first, ({ versions }) => versions !== undefined);
    await say(boris, all, circle, "Recibido", { answers: first });
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own());
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual(["Llega el martes", "Recibido"]);
    expect(verdict.read?.bound).toBeGreaterThan(first);
    expect(verdict.made?.payload.bundle).toBe(row(ana).bundle);
    expect(verdict.wish?.court).toBe("Juzgado 3");
    expect(ana.errors).toEqual([]);
  });

  it("sends no word of it to the server", async () => {
    const { ana, circle, all } = await begin();
    await say(ana, all, circle, "Llega el martes");
    world.service.seen = [];
    await ask(ana, circle);
    await make(ana);
    expect(world.service.seen.join("\n")).not.toMatch(/Juzgado|Ficticia|martes/);
  });

  it("is checked by keys of the reader's own: by others it proves nothing", async () => {
    const { ana, circle, all } = await begin();
    await say(ana, all, circle, "Llega el martes");
    await ask(ana, circle);
    const file = await make(ana);
    const { policy } = await own();
    const other = Object.fromEntries(
      Object.keys(world.authority.roots).map((one) => [one, "A".repeat(43)]),
    );
    const verdict = await checkExport(file, { policy, roots: JSON.stringify(other) });
    expect(codes(verdict)).toContain("wish");
  });

  it("can be made again from what is kept, when the answer to its making was lost", async () => {
    const { ana, circle, all, courts } = await begin();
    await say(ana, all, circle, "Llega el martes");
    await ask(ana, circle);
    courts.loses = true;
    await expect(make(ana)).rejects.toThrow();
    courts.loses = false;
    const verdict = await checkExport(await make(ana), await own());
    expect(codes(verdict)).toEqual([]);
  });
});

describe("a copy that was changed", () => {
  it.each([
    ["a word", form.ENTRIES, (text: string) => text.replace(/"plaintext":"(.)/, '"plaintext":"_')],
    ["the PDF", form.PDF, (text: string) => `${text} `],
    ["the court", form.WISH, (text: string) => text.replace("Juzgado 3", "Juzgado 4")],
    ["the number of entries", form.ENTRIES, (text: string) => text.replace(/^.*\n/, "")],
    ["whose device it is", form.DIRECTORY, (text: string) => text.replace(/\n.*\n$/, "\n")],
  ])("in %s is found out", async (_what, name, to) => {
    const { ana, boris, circle, all } = await begin();
    await say(ana, all, circle, "Llega el martes");
    await say(boris, all, circle, "Recibido");
    await ask(ana, circle);
    const file = await make(ana);
    const plain = await checkExport(await changed(file, name, to, false), await own());
    expect(codes(plain)).toEqual(["file"]);
    const listed = await checkExport(await changed(file, name, to), await own());
    expect(listed.findings.length).toBeGreaterThan(0);
  });

  it("cannot be repaired by leaving an entry out and counting anew", async () => {
    const { ana, boris, circle, all, courts } = await begin();
    await say(ana, all, circle, "Llega el martes");
    await say(boris, all, circle, "Recibido");
    courts.lies = ({ kind, payload }) =>
      kind === "custody.export.made" ? { ...(payload as object), pdf: "00" } : payload;
    await ask(ana, circle);
    await expect(make(ana)).rejects.toMatchObject({ code: "export-unsound" });
  });
});

describe("words of another State", () => {
  it("leave after somebody of the coordination has seen and signed the same wish", async () => {
    const { ana, circle, caseId, courts } = await begin();
    const mara = await neighbourIn(ana, caseId, circle);
    const chief = await world.device(world.authority.chief());
    await say(mara, [ana, mara], circle, "Cruzó la frontera");
    const found = await ask(ana, circle);
    expect(found.states).toEqual([NEIGHBOUR]);
    await expect(make(ana)).rejects.toMatchObject({ code: "export-over" });
    const [waiting] = await world.service.api(chief.person).exports();
    if (waiting === undefined) throw new Error("nothing waits");
    const wish = await chief.client.exports.open(waiting);
    expect(wish).toMatchObject({ court: "Juzgado 3", recipient: "Jueza Ficticia", leaves: 1 });
    if (wish === null) throw new Error("not sealed to the coordination");
    courts.devices.set(chief.person, deviceOf(chief));
    await chief.client.exports.agree(waiting, wish);
    await until("it may be made", async () => {
      const [now] = await world.service.api(ana.person).exports();
      return now?.step === "ready";
    });
    const [ready] = await world.service.api(ana.person).exports();
    if (ready === undefined) throw new Error("nothing is ready");
    const { file } = await ana.client.exports.make(ready, TOOLS);
    const verdict = await checkExport(file, await own());
    expect(codes(verdict)).toEqual([]);
    expect(verdict.consenter?.person).toBe(chief.person);
    const without = await changed(file, form.WISH, (text) =>
      text.replace(/"consent":\{.*\},"format"/, '"consent":null,"format"'),
    );
    expect(codes(await checkExport(without, await own()))).toContain("consent-missing");
  });
});

describe("restricted words", () => {
  const RESTRICTED = { handling: { codes: ["court" as const] } };

  it("do not leave without their author's leave, nor does what quotes them", async () => {
    const { ana, boris, circle, all } = await begin();
    const seq = await say(boris, all, circle, "Nombre del testigo", RESTRICTED);
    await say(ana, all, circle, "De acuerdo", { answers: seq });
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own());
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual([]);
    expect(
      held(verdict)
        .filter((why) => why !== "beside")
        .sort(),
    ).toEqual(["code", "quotes"]);
  });

  it("leave with it, in the very text that it was given for", async () => {
    const { ana, boris, circle, all } = await begin();
    const text = "Nombre del testigo";
    const seq = await say(boris, all, circle, text, RESTRICTED);
    const digest = await digestOf(text);
    const wish = { use: "court" as const, into: circle, states: ["SV"], reason: "Juicio", digest };
    await ana.client.act(circle, seq, { kind: "ask-leave", ...wish });
    await seen(all, circle, seq, ({ leaves }) => (leaves?.length ?? 0) > 0);
    const asked = (await at(boris, circle, seq))?.leaves?.[0];
    await boris.client.answerLeave(circle, asked?.seq ?? 0, { give: true });
    await seen(all, circle, seq, ({ leaves }) => leaves?.[0]?.given !== undefined);
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own());
    expect(said(verdict)).toEqual([text]);
    expect(codes(verdict)).toEqual([]);
    await boris.client.act(circle, seq, { kind: "edit", text: "Otro nombre" });
    await seen(all, circle, seq, ({ versions }) => versions !== undefined);
    const later = await ana.client.exports.survey(circle, 0, Date.now() + 60_000);
    expect(later?.held.get("code")).toBe(2);
  });

  it("of one's own leave by one's own word", async () => {
    const { ana, circle, all } = await begin();
    await say(ana, all, circle, "Nombre del testigo", RESTRICTED);
    await ask(ana, circle);
    const verdict = await checkExport(await make(ana), await own());
    expect(said(verdict)).toEqual(["Nombre del testigo"]);
  });
});

/** The device of somebody, as the registry of the service knows it. */
function deviceOf({ person }: Desk): string {
  const [found] = [...world.service.registry.devices].filter(([, one]) => one.person === person);
  return found?.[0] ?? "";
}
