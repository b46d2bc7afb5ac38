/** Letterheads and documents, on whole clients: what counts is who signed it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MakingRow } from "../../src/api/papers";
import { b64u, hex, sha256, utf8 } from "../../src/bytes";
import { commitToFile, commitToTemplate, saltOfFiles } from "../../src/crypto/papers";
import { encodeLetterhead, NO_LETTERHEAD } from "../../src/documents/letterhead";
import { systemRandom } from "../../src/effects/deps";
import { LEAP } from "../../src/effects/requests/papers";
import { OFFICE } from "./authority";
import { drafting, draftOf, lenient, reads, requestOf } from "./drafting";
import { type Desk, World } from "./world";

let world: World;
afterEach(() => {
  vi.restoreAllMocks();
  return world.close();
});

const FILE = utf8.encode("%PDF canario-5c1e");
const CENTRAL = "5b0e1c1e-6a2b-4c6e-9b1f-2f0f5f8f1a01";

/** Two drafters of a request that Ana called ready. */
async function ready() {
  world = await World.make();
  const mild = await lenient();
  world.book = async () => mild;
  const { ana, boris, mexico, id } = await drafting(world);
  ana.client.editDraft(id, draftOf("listo"));
  await ana.client.attest(id, true);
  await reads(boris, id, "listo");
  return { ana, boris, mexico, id };
}

const making = (
  desk: Desk,
  id: string,
  bytes = FILE,
  version = 2,
  template: Uint8Array | null = null,
) =>
  desk.client.papers.make(id, {
    version,
    files: [{ kind: "pdf", language: "es", bytes }],
    letterhead: null,
    template,
    recipients: [CENTRAL],
  });

describe("documents that were made", () => {
  it("are recognised by every drafter, unchanged, and are not at the server", async () => {
    const { ana, boris, id } = await ready();
    world.service.seen = [];
    await making(ana, id);
    const [made] = await boris.client.papers.made(id);
    expect(made).toMatchObject({
      version: 2,
      person: ana.person,
      recipients: [CENTRAL],
      why: null,
    });
    if (made === undefined) return;
    expect(await boris.client.papers.recognise(id, made, FILE)).toEqual([0]);
    const other = FILE.map((byte, at) => (at === 9 ? byte ^ 1 : byte));
    expect(await boris.client.papers.recognise(id, made, other)).toEqual([]);
    expect(world.service.seen.join("\n")).not.toContain("canario-5c1e");
  });

  it("say which template was used to whoever has it and the draft, and to nobody else", async () => {
    const drawn = vi.spyOn(systemRandom, "bytes");
    const { ana, boris, id } = await ready();
    world.service.seen = [];
    for (const desk of [ana, boris]) await making(desk, id, FILE, 2, FILE);
    const other = utf8.encode("PK other");
    await making(ana, id, FILE, 2, other);
    const [one, again, third] = await boris.client.papers.made(id);
    expect(one).toMatchObject({ why: null, template: again?.template });
    expect(third).toMatchObject({ why: null });
    // of what a device drew by chance, that which the file was committed to with
    const file = hex.encode(one?.files[0]?.commitment ?? new Uint8Array());
    let salt = new Uint8Array() as Uint8Array;
    for (const { value } of drawn.mock.results) {
      const salted = await saltOfFiles(value);
      if (hex.encode(await commitToFile(salted, FILE)) === file) salt = salted;
    }
    expect(one?.template).toBe(hex.encode(await commitToTemplate(salt, FILE)));
    expect(third?.template).toBe(hex.encode(await commitToTemplate(salt, other)));
    expect(third?.template).not.toBe(one?.template);
    expect(one?.template).toMatch(/^[0-9a-f]{64}$/);
    expect(one?.template).not.toBe(hex.encode(one?.files[0]?.commitment ?? new Uint8Array()));
    const plain = await sha256(FILE);
    for (const text of [hex.encode(plain), b64u.encode(plain)]) {
      expect(world.service.seen.join("\n")).not.toContain(text);
    }
  });

  it("bear the same commitment again: its salt is the version's", async () => {
    const { ana, boris, id } = await ready();
    await making(ana, id);
    await making(boris, id);
    const [one, other] = await ana.client.papers.made(id);
    expect(one?.files[0]?.commitment).toEqual(other?.files[0]?.commitment);
    await making(boris, id, utf8.encode("%PDF other"));
    const [, , third] = await ana.client.papers.made(id);
    expect(third?.files[0]?.commitment).not.toEqual(one?.files[0]?.commitment);
  });

  it("are of the version that is ready, and of no draft", async () => {
    const { ana, id } = await ready();
    expect(await ana.client.papers.ready(id)).toMatchObject({
      version: 2,
      draft: { facts: { summary: "listo" } },
    });
    await expect(making(ana, id, FILE, 1)).rejects.toMatchObject({ code: "version-behind" });
    ana.client.editDraft(id, draftOf("otra vez"));
    await ana.client.saveDraft(id);
    expect(requestOf(ana, id)?.stage).toBe("draft");
    await expect(making(ana, id, FILE, 3)).rejects.toMatchObject({ code: "documents-not-ready" });
  });

  it("are not made of what only the server calls ready", async () => {
    world = await World.make();
    const { ana, id } = await drafting(world);
    world.service.requests.disguise = (row) => ({ ...row, stage: "ready" });
    await ana.client.takeTurn(id);
    await expect(ana.client.papers.ready(id)).rejects.toMatchObject({ code: "attestation-ready" });
  });

  it("are not made while it is still being looked at whether that is true", async () => {
    world = await World.make();
    const { ana, id } = await drafting(world);
    const { requests } = world.service;
    requests.disguise = (row) => ({ ...row, stage: "ready" });
    let answer = (): void => {};
    requests.held = new Promise((resolve) => {
      answer = resolve;
    });
    await ana.client.takeTurn(id);
    const asked = Promise.allSettled([ana.client.papers.ready(id), ana.client.papers.ready(id)]);
    answer();
    for (const one of await asked) {
      expect(one).toMatchObject({ status: "rejected", reason: { code: "attestation-ready" } });
    }
  });

  it("are marked where a host says something else of them", async () => {
    const { ana, boris, id } = await ready();
    await making(ana, id);
    const papers = world.service.requests.papers;
    papers.disguiseMade = (row) => ({ ...row, recipients: [OFFICE] });
    expect((await boris.client.papers.made(id))[0]?.why).toBe("making-signature");
    papers.disguiseMade = (row) => ({ ...row, person: boris.person });
    expect((await boris.client.papers.made(id))[0]?.why).toBe("making-signer");
  });

  it("vouch for no file where nobody signed them who could have", async () => {
    const { ana, boris, id } = await ready();
    await making(ana, id);
    const { papers } = world.service.requests;
    const lies: ((row: MakingRow) => MakingRow)[] = [
      (row) => ({ ...row, recipients: [OFFICE] }),
      (row) => ({ ...row, person: boris.person }),
    ];
    for (const lie of lies) {
      papers.disguiseMade = lie;
      const [made] = await boris.client.papers.made(id);
      if (made === undefined) throw new Error("nothing is shown");
      expect(made.why).not.toBeNull();
      expect(await boris.client.papers.recognise(id, made, FILE)).toEqual([]);
    }
  });
});

describe("a letterhead", () => {
  const BODY = encodeLetterhead({
    ...NO_LETTERHEAD,
    above: { es: ["Fiscalía"], en: [], fr: [] },
  });
  const OTHER = encodeLetterhead(NO_LETTERHEAD);

  it("counts when somebody of its office signed it", async () => {
    const { ana, boris } = await ready();
    await ana.client.papers.changeLetterhead(OFFICE, 0, BODY);
    const { letterheads } = await boris.client.papers.letterheads();
    expect(letterheads).toMatchObject([
      { office: OFFICE, number: 1, person: ana.person, why: null },
    ]);
  });

  it("does not where a host has put other words, another office or another State's hand", async () => {
    const { ana, boris, mexico } = await ready();
    await ana.client.papers.changeLetterhead(OFFICE, 0, BODY);
    const why = async (): Promise<string | null | undefined> =>
      (await boris.client.papers.letterheads()).letterheads[0]?.why;
    const { papers } = world.service.requests;
    papers.disguise = (row) => ({ ...row, body: OTHER });
    expect(await why()).toBe("letterhead-signature");
    papers.disguise = (row) => ({ ...row, office: CENTRAL });
    expect(await why()).toBe("letterhead-signer");
    papers.disguise = (row) => row;
    await mexico.client.papers.changeLetterhead(OFFICE, 1, BODY);
    expect(await why()).toBe("letterhead-signer");
  });

  it("does not where a host gives back one of before, to whoever has seen the newer", async () => {
    const { ana, boris } = await ready();
    const { papers } = world.service.requests;
    await ana.client.papers.changeLetterhead(OFFICE, 0, BODY);
    const [first] = papers.letterheads;
    if (first === undefined) throw new Error("none is kept");
    await ana.client.papers.changeLetterhead(OFFICE, 1, OTHER);
    const why = async (desk: Desk): Promise<string | null | undefined> =>
      (await desk.client.papers.letterheads()).letterheads[0]?.why;
    expect(await why(boris)).toBeNull();
    papers.disguise = () => structuredClone(first);
    expect(await why(boris)).toBe("letterhead-old");
    expect(await why(ana)).toBe("letterhead-old");
    // what is written anew counts, and the one of before stays what it is
    papers.disguise = (row) => row;
    await ana.client.papers.changeLetterhead(OFFICE, 2, BODY);
    expect(await why(ana)).toBeNull();
  });

  it("stays old to whoever wrote it anew, and is the newest of all to everybody", async () => {
    const { ana, boris } = await ready();
    const { papers } = world.service.requests;
    const why = async (desk: Desk): Promise<(string | null)[]> =>
      (await desk.client.papers.letterheads()).letterheads.map((one) => one.why);
    for (const number of [0, 1]) await ana.client.papers.changeLetterhead(OFFICE, number, OTHER);
    await boris.client.papers.letterheads();
    const [first, second] = structuredClone(papers.letterheads);
    if (first === undefined || second === undefined) throw new Error("none is kept");
    papers.disguise = () => first;
    const [shown] = (await ana.client.papers.letterheads()).letterheads;
    expect(shown).toMatchObject({ number: 1, after: 2, why: "letterhead-old" });
    await ana.client.papers.changeLetterhead(OFFICE, shown?.after ?? 0, BODY);
    expect(papers.letterheads.map(({ number }) => number)).toEqual([1, 2, 3]);
    papers.disguise = (row) => row;
    for (const desk of [ana, boris]) expect(await why(desk)).toEqual([null]);
    papers.disguise = () => second;
    for (const desk of [ana, boris]) expect(await why(desk)).toEqual(["letterhead-old"]);
  });

  it("is one of each office, whichever of two comes first and whatever was seen", async () => {
    const { ana, boris, mexico } = await ready();
    const { papers } = world.service.requests;
    for (const number of [0, 1]) await ana.client.papers.changeLetterhead(OFFICE, number, BODY);
    papers.newest = 2;
    for (const desk of [ana, boris, mexico]) {
      const { letterheads } = await desk.client.papers.letterheads();
      const counting = letterheads.filter(({ why }) => why === null);
      expect(counting.map(({ number }) => number)).toEqual(desk === mexico ? [] : [2]);
    }
  });

  it("takes no number that nobody signed for true, however high", async () => {
    const { ana, boris } = await ready();
    const { papers } = world.service.requests;
    await ana.client.papers.changeLetterhead(OFFICE, 0, OTHER);
    papers.disguise = (row) => ({ ...row, number: 2 ** 31 - 2 });
    const [shown] = (await ana.client.papers.letterheads()).letterheads;
    expect(shown).toMatchObject({ number: 2 ** 31 - 2, why: "letterhead-signature" });
    await ana.client.papers.changeLetterhead(OFFICE, shown?.after ?? 0, BODY);
    expect(papers.letterheads.at(-1)?.number).toBeLessThanOrEqual(1 + LEAP);
    papers.disguise = (row) => row;
    expect((await boris.client.papers.letterheads()).letterheads).toMatchObject([{ why: null }]);
  });

  it("is not written over one that another page has seen since", async () => {
    const { ana } = await ready();
    const { papers } = world.service.requests;
    const { changeLetterhead } = ana.client.papers;
    for (const number of [0, 1]) await changeLetterhead(OFFICE, number, OTHER);
    await expect(changeLetterhead(OFFICE, 1, BODY)).rejects.toThrow("letterhead-behind");
    expect(papers.letterheads).toHaveLength(2);
    // nor where it was begun when there was none
    await expect(changeLetterhead(OFFICE, 0, BODY)).rejects.toThrow("letterhead-behind");
    expect(papers.letterheads).toHaveLength(2);
    // a host that says there is none hides it, or lost it
    papers.letterheads.length = 0;
    const { letterheads, after } = await ana.client.papers.letterheads();
    expect([letterheads, after]).toEqual([[], 2]);
    await changeLetterhead(OFFICE, after, BODY);
    expect(papers.letterheads.at(-1)?.number).toBe(3);
  });

  it("grows in number by as much as the server takes", () => {
    const limits = readFileSync(
      join(import.meta.dirname, "../../../casehub/papers/limits.py"),
      "utf8",
    );
    expect(limits).toContain(`\nLEAP = ${LEAP}  #`);
  });

  it("does not where what somebody signed is none, and is written anew", async () => {
    const { ana, boris } = await ready();
    await ana.client.papers.changeLetterhead(OFFICE, 0, utf8.encode('{"v":1}'));
    const why = async (): Promise<string | null | undefined> =>
      (await boris.client.papers.letterheads()).letterheads[0]?.why;
    expect(await why()).toBe("letterhead-malformed");
    await ana.client.papers.changeLetterhead(OFFICE, 1, BODY);
    expect(await why()).toBeNull();
  });
});
