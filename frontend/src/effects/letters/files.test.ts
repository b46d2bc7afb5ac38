/** Files of letters: sealed as the letter is, whole or not sent, and what a host may do to them. */

import { beforeEach, describe, expect, it } from "vitest";
import {
  browser,
  FOUND,
  leavesWith,
  NOTHING,
  type Scene,
  scene,
  type Who,
} from "../../../tests/letters";
import type { Dossier } from "../../api/dossiers";
import { utf8 } from "../../bytes";
import { placeOf } from "../../store/circle";
import type { FileSource, Sink } from "../files/shapes";

const FREE = "free";
const LEAVES = await leavesWith(2);
const PLACE = placeOf(FOUND.id, FREE);
const WORDS = "Estado de cuenta de la persona buscada";

let at: Scene;
let [one, other]: Who[] = [];
beforeEach(async () => {
  at = await scene();
  [one, other] = at.all();
});

const source = (text: string, name = "cuenta.pdf"): FileSource => {
  const whole = new Blob([text]);
  return { name, type: "application/pdf", size: whole.size, slice: (a, b) => whole.slice(a, b) };
};

const open = (who: Who | undefined, disk?: Awaited<ReturnType<typeof browser>>["disk"]) =>
  browser(who as Who, at.server, at.people, disk);
const both = (letter: string) => ({ request: FOUND.id, audience: "both" as const, letter });
type Browser = Awaited<ReturnType<typeof open>>;

/** As many looks as it takes. */
async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; looks < 500 && !holds(); looks += 1) {
    await new Promise((done) => setTimeout(done, 2));
  }
  expect(holds()).toBe(true);
}

async function attached(by: Browser, text = WORDS, place = PLACE): Promise<string> {
  const phases = new Map<string, string>();
  const stop = by.uploads.onUploads(place, (now) => {
    for (const { id, phase } of now) phases.set(id, phase);
  });
  const id = await by.uploads.attach(place, source(text));
  await until(() => phases.get(id) === "ready");
  stop();
  return id;
}

function gathered() {
  const parts: Uint8Array[] = [];
  const ended = { closed: false, aborted: false };
  const sink: Sink = {
    write: async (part) => void parts.push(part.slice()),
    close: async () => {
      ended.closed = true;
    },
    abort: async () => {
      ended.aborted = true;
    },
  };
  const text = () => parts.map((part) => utf8.decode(part)).join("");
  return { sink, text, ended };
}

const how = () => ({ signal: new AbortController().signal, progress: () => undefined });

/** Send a letter with a file, and return both ids. */
async function sent(by: Browser, text = "Se remite."): Promise<{ letter: string; file: string }> {
  const file = await attached(by);
  const letter = (await by.write(FOUND, FREE, { ...NOTHING, text, files: [file] })) ?? "";
  await by.read();
  return { letter, file };
}

describe("a file of a letter", () => {
  it("is the same bytes at the other end, and the server never held them", async () => {
    const [author, reader] = [await open(one), await open(other)];
    const { letter, file } = await sent(author);
    const shown = (await reader.read()).letters.find(({ id }) => id === letter);
    expect(shown?.files).toMatchObject([
      { isThere: true, opened: [], file: { name: "cuenta.pdf", size: WORDS.length } },
    ]);
    const { sink, text, ended } = gathered();
    await reader.fetchFile(both(letter), file, sink, how());
    expect(text()).toBe(WORDS);
    expect(ended).toEqual({ closed: true, aborted: false });
    const kept = [...(at.server.files.kept.get(file)?.pieces.values() ?? [])];
    expect(kept.map((piece) => Buffer.from(piece).includes(WORDS.slice(0, 8)))).toEqual([false]);
  });

  it("tells all who read the letter who opened it", async () => {
    const [author, reader] = [await open(one), await open(other)];
    const { letter, file } = await sent(author);
    await reader.read();
    await reader.fetchFile(both(letter), file, gathered().sink, how());
    const [shown] = (await author.read()).letters;
    expect(shown?.files[0]?.opened).toMatchObject([{ person: other?.person, state: "MX" }]);
  });

  it("leaves without words, too", async () => {
    const author = await open(one);
    const { letter } = await sent(author, "");
    expect(letter).not.toBe("");
    expect((await (await open(other)).read()).letters[0]?.files).toHaveLength(1);
  });

  it("goes with its letter after the page has died", async () => {
    const author = await open(one);
    at.server.takesNothing = true;
    const files = [await attached(author)];
    await author.write(FOUND, FREE, { ...NOTHING, text: "Se remite.", files });
    at.server.takesNothing = false;
    const [letter] = (await (await open(one, author.disk)).read()).letters;
    expect(letter?.files).toHaveLength(1);
  });

  it("goes with the words of its step alone, and not with what else is typed", async () => {
    const author = await open(one);
    await attached(author);
    const step = { ...NOTHING, text: "Con el paso.", number: 3 };
    await author.write(FOUND, "acknowledge", step);
    expect((await author.read()).letters[0]?.files).toEqual([]);
    const seen: number[] = [];
    author.uploads.onUploads(PLACE, (now) => seen.push(now.length));
    await until(() => seen.at(-1) === 1);
  });
});

describe("a letter", () => {
  it("does not leave without a file that is not all there, and its words stay", async () => {
    const author = await open(one);
    at.server.isDown = true;
    const files = [await author.uploads.attach(PLACE, source(WORDS))];
    author.keep(FOUND.id, FREE, { ...NOTHING, text: "Se remite." });
    const phases: string[] = [];
    author.uploads.onUploads(PLACE, (now) => phases.push(...now.map(({ phase }) => phase)));
    await until(() => phases.includes("waiting"));
    const writing = author.write(FOUND, FREE, { ...NOTHING, text: "Se remite.", files });
    await expect(writing).rejects.toMatchObject({ code: "attachment-incomplete" });
    expect((await author.kept(FOUND.id, FREE))?.text).toBe("Se remite.");
  });

  it("that was refused and is given up takes its files from the server", async () => {
    const author = await open(one);
    at.server.refuses = "letter-share-full";
    const { letter, file } = await sent(author);
    expect((await author.read()).waiting).toMatchObject([{ failure: "letter-share-full" }]);
    await author.discard(FOUND.id, letter);
    expect(at.server.files.removed).toEqual([file]);
  });

  it("of more than the largest size holds waits and says so", async () => {
    const author = await open(one);
    const files: string[] = [];
    for (let count = 0; count < 8; count += 1) {
      files.push(await author.uploads.attach(PLACE, source(`${count}`, `${"字".repeat(240)}.pdf`)));
    }
    let ready = 0;
    author.uploads.onUploads(PLACE, (now) => {
      ready = now.filter(({ phase }) => phase === "ready").length;
    });
    await until(() => ready === 8);
    const handling = { codes: ["conditions" as const], conditions: "字".repeat(400) };
    await author.write(FOUND, FREE, { ...NOTHING, handling, files, text: "字".repeat(8000) });
    expect((await author.read()).waiting).toMatchObject([{ failure: "message-too-long" }]);
  });
});

describe("what is attached beside a step", () => {
  const STEP = "transmit";
  const AT = placeOf(FOUND.id, STEP);
  const told = (by: Browser) => by.read().then(({ letters }) => letters.map((one) => one.files));
  const missing = "00000000-0000-4000-8000-00000000aaaa";

  it("leaves as it was when that was signed: what another page adds stays where it is", async () => {
    const his = await open(other);
    const files = [await attached(his, WORDS, AT)];
    his.keep(FOUND.id, STEP, { ...NOTHING, text: "con el paso", ...LEAVES, files });
    await attached(his, "another", AT);
    expect(await told(his)).toMatchObject([[{ file: { id: files[0] } }]]);
    const seen: number[] = [];
    his.uploads.onUploads(AT, (now) => seen.push(now.length));
    await until(() => seen.at(-1) === 1);
  });

  it("and was taken out since, keeps its words here with the reason, and hides no other letter", async () => {
    const his = await open(other);
    await his.write(FOUND, FREE, { ...NOTHING, text: "otra" });
    his.keep(FOUND.id, STEP, { ...NOTHING, text: "con el paso", ...LEAVES, files: [missing] });
    const { letters, waiting } = await his.read();
    expect(letters.map(({ letter }) => letter?.text)).toEqual(["otra"]);
    expect(waiting).toMatchObject([{ text: "con el paso", failure: "letter-files-gone" }]);
  });

  it("and waited until the server destroyed it, is said before anything is signed, and is chosen anew", async () => {
    const his = await open(other);
    const id = await attached(his, WORDS, AT);
    await his.ready(FOUND.id, STEP, [id]);
    at.server.files.kept.delete(id);
    await expect(his.ready(FOUND.id, STEP, [id])).rejects.toMatchObject({
      code: "attachment-swept",
    });
    const again = await attached(his, WORDS, AT);
    await his.ready(FOUND.id, STEP, [again]);
    expect(again).not.toBe(id);
  });

  it("is no more than a letter takes along", async () => {
    const his = await open(other);
    const files = Array.from({ length: 9 }, () => missing);
    const writing = his.write(FOUND, STEP, { ...NOTHING, text: "nueve", ...LEAVES, files });
    await expect(writing).rejects.toMatchObject({ code: "attachment-many" });
  });
});

describe("a host that lies about a file", () => {
  it("shows it as not there where it has another", async () => {
    const [author, reader] = [await open(one), await open(other)];
    const { letter, file } = await sent(author);
    const kept = at.server.files.kept.get(file);
    if (kept) kept.digest = "0".repeat(64);
    expect((await reader.read()).letters[0]?.files[0]?.isThere).toBe(false);
    expect(letter).not.toBe("");
  });

  it("has no byte of a damaged piece kept", async () => {
    const [author, reader] = [await open(one), await open(other)];
    const { letter, file } = await sent(author);
    await reader.read();
    const piece = at.server.files.kept.get(file)?.pieces.get(0);
    if (piece) piece[0] = (piece[0] ?? 0) ^ 1;
    const { sink, text, ended } = gathered();
    const fetching = reader.fetchFile(both(letter), file, sink, how());
    await expect(fetching).rejects.toMatchObject({ code: "attachment-damaged" });
    expect([text(), ended]).toEqual(["", { closed: false, aborted: true }]);
  });

  it("adds none that its author did not sign", async () => {
    const [author, reader] = [await open(one), await open(other)];
    const { letter } = await sent(author);
    const [row] = at.server.rows;
    if (row) row.enclosures = [...(row.enclosures ?? []), "00000000-0000-4000-8000-00000000ffff"];
    await reader.read();
    expect((await reader.read()).letters[0]?.files).toHaveLength(1);
    const { sink } = gathered();
    const strange = "00000000-0000-4000-8000-00000000ffff";
    const none = reader.fetchFile(both(letter), strange, sink, how());
    await expect(none).rejects.toMatchObject({ code: "attachment-gone" });
  });
});

it("a reference and a contact leave with their step, also without words", async () => {
  const [author, reader] = [await open(one), await open(other)];
  const said = { ...NOTHING, text: "", number: 3, reference: " DGCI-117 ", contact: "" };
  await author.write(FOUND, "acknowledge", said);
  await author.read();
  const [shown] = (await reader.read()).letters;
  expect(shown?.letter).toMatchObject({ step: 3, text: "", reference: "DGCI-117" });
  expect(shown?.letter).not.toHaveProperty("contact");
});

describe("a file beside a step that is not done", () => {
  it("is told without a word, typed or not, until it is given up", async () => {
    const hers = await open(one);
    await attached(hers, WORDS, placeOf(FOUND.id, "execute"));
    await attached(hers, WORDS, placeOf(FOUND.id, "refuse"));
    await attached(hers);
    hers.keep(FOUND.id, "refuse", { ...NOTHING, text: "", number: 2 });
    const left = [
      { form: "execute", said: { ...NOTHING, text: "", number: 0 } },
      { form: "refuse", said: { ...NOTHING, text: "", number: 2 } },
    ];
    const told = async () =>
      [...(await hers.stranded(FOUND))].sort((a, b) => a.form.localeCompare(b.form));
    expect(await told()).toEqual(left);
  });

  it("is not while its step waits, nor once it has left with that", async () => {
    const his = await open(other);
    const file = await attached(his, WORDS, placeOf(FOUND.id, "transmit"));
    his.keep(FOUND.id, "transmit", { ...NOTHING, text: "", ...LEAVES, files: [file] });
    expect(await his.stranded(FOUND)).toEqual([]);
    await his.read();
    expect(await his.stranded(FOUND)).toEqual([]);
    const leaves = "ab".repeat(32);
    his.keep(FOUND.id, "execute", { ...NOTHING, text: "", number: 3, leaves });
    await attached(his, WORDS, placeOf(FOUND.id, "execute"));
    const lapses_at = "2036-11-24T12:00:00Z";
    const proposal = { step: leaves, outcome: "", stopped: false, lapses_at };
    expect(await his.stranded({ ...FOUND, proposal } as unknown as Dossier)).toEqual([]);
  });
});
