/** Letters of a requesting State's people to each other, over a host that lies; and what they send to be transmitted. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  browser,
  drafter,
  FOUND,
  id,
  NOTHING,
  reader,
  type Scene,
  scene,
  type Who,
} from "../../../tests/letters";
import type { Audience } from "../../audience";
import { b64u } from "../../bytes";
import type { FileSaid } from "../../crypto/content";
import { signWith } from "../../crypto/ed25519";
import { type Letter, letterInput, type MadeSaid, sealLetter } from "../../crypto/letter";
import { commitToDigest, signMade } from "../../crypto/papers";
import { sealingKeyOf } from "../../crypto/sealingKey";
import { placeOf } from "../../store/circle";
import { signedOf } from "./made";
import { AT_HOME, FREE } from "./typed";

let { server, people, all } = {} as Scene;
let writer: Who;
let known: Who[] = [];
beforeEach(async () => {
  ({ server, people, all } = await scene());
  writer = await drafter(16, "SV");
  known = [...people, writer];
  server.atHome = [reader(all()[0]), reader(writer)];
  server.readers.push(reader(writer));
});

const words = (text: string, files?: readonly string[]) => ({
  ...{ ...NOTHING, text },
  ...(files && { files }),
});
const sealedTo = () => server.rows.map((row) => row.sealed.map(({ person }) => person));
const open = (who: Who, by: Parameters<typeof browser>[4] = {}) =>
  browser(who, server, known, undefined, by);
const at = (audience: Audience, letter: string) => ({ request: FOUND.id, audience, letter });
type Browser = Awaited<ReturnType<typeof open>>;

/** Put there what his own program would not write: signed by his device all the same. */
async function write(letter: Letter): Promise<void> {
  const seed = writer.device?.signaturePrivate.slice() ?? new Uint8Array(32);
  const { key, signature } = await signWith(seed, letterInput(letter));
  const by = { device: writer.device?.device ?? null, key: b64u.encode(key) };
  const to = sealingKeyOf(all()[0].key) as Uint8Array;
  const signed = { letter, ...by, signature: b64u.encode(signature) };
  const { box, keys } = await sealLetter(signed, [to]);
  const { person, name, state } = writer;
  const wrapped = b64u.encode(keys[0] ?? new Uint8Array());
  server.rows.push({
    ...{ id: letter.id, person, name, state, at: "2026-11-24T15:00:02Z", step: letter.step },
    ...{ body: b64u.encode(box), audience: letter.audience ?? "both", enclosures: [] },
    sealed: [{ person: all()[0].person, key: b64u.encode(to), wrapped }],
  });
}

describe("a letter to one's own", () => {
  it("is read by one's own central authority, and sealed to nobody abroad", async () => {
    const [home, abroad] = all();
    const [hers, his] = [await open(home), await open(writer)];
    await his.write(FOUND, AT_HOME, words("the papers"));
    await his.read(FOUND, "home");
    expect(sealedTo()).toEqual([[home.person, writer.person]]);
    expect((await hers.read(FOUND, "home")).letters).toMatchObject([
      { verdict: "ok", byDevice: true, letter: { text: "the papers", audience: "home", step: 0 } },
    ]);
    await hers.write(FOUND, AT_HOME, words("an annex is missing"));
    await hers.read(FOUND, "home");
    expect((await his.read(FOUND, "home")).letters.map((one) => one.letter?.text)).toEqual([
      "the papers",
      "an annex is missing",
    ]);
    expect((await his.read(FOUND)).letters).toEqual([]);
    expect((await (await open(abroad)).read(FOUND)).letters).toEqual([]);
  });

  it("is sealed to nobody abroad whom the host names, as of whichever State", async () => {
    const [home, abroad] = all();
    server.atHome.push(reader(abroad), { ...reader(abroad), state: "SV" });
    const his = await open(writer);
    await his.write(FOUND, AT_HOME, words("the papers"));
    const told = await his.read(FOUND, "home");
    expect(told.doubted.map(({ person }) => person)).toEqual([abroad.person, abroad.person]);
    expect(sealedTo()).toEqual([[home.person, writer.person]]);
  });

  it("does not leave while the host calls another State the requesting one", async () => {
    const [, abroad] = all();
    server.atHome.push(reader(abroad));
    const moved = { ...FOUND, requesting_state: "MX", requested_state: "SV" };
    const his = await open(writer);
    await expect(his.write(moved, AT_HOME, words("x"))).rejects.toMatchObject({
      code: "record-pair",
    });
    expect((await his.read(moved, "home")).held).toBe("pair");
    expect(server.rows).toEqual([]);
  });

  it("is none to both where the host shows it so, nor the other way round, and is given on to nobody", async () => {
    const [home, abroad, third] = all();
    const [hers, his] = [await open(home), await open(writer)];
    await his.write(FOUND, AT_HOME, words("for us"));
    await his.read(FOUND, "home");
    await his.write(FOUND, FREE, words("for both"));
    await his.read(FOUND);
    server.mixes = true;
    const late = await drafter(17, "SV");
    known.push(late);
    server.readers.push(reader(third), reader(late));
    server.atHome.push(reader(third), reader(late));
    const verdicts = async (audience: Audience) =>
      (await hers.read(FOUND, audience)).letters.map(({ verdict }) => verdict);
    expect(await verdicts("both")).toEqual(["malformed", "ok"]);
    expect(await verdicts("home")).toEqual(["ok", "malformed"]);
    await vi.waitFor(() => expect(sealedTo()[1]).toContain(late.person));
    await vi.waitFor(() => expect(sealedTo()[0]).toContain(late.person));
    expect(sealedTo()[0]).not.toContain(abroad.person);
    expect(sealedTo()[0]).not.toContain(third.person);
    expect(sealedTo()[1]).toContain(third.person);
  });

  it("waits for the network and leaves by itself, as what it is", async () => {
    const his = await open(writer);
    server.isDown = true;
    await his.write(FOUND, AT_HOME, words("the papers"));
    server.isDown = false;
    await his.sendAll();
    expect(server.rows).toMatchObject([{ audience: "home" }]);
    expect((await his.read(FOUND)).waiting).toEqual([]);
  });

  it("that says it goes with a step is none that anybody here writes", async () => {
    const his = await open(writer);
    await his.write(FOUND, AT_HOME, words("the papers"));
    await his.read(FOUND, "home");
    const hers = await open(all()[0]);
    const [first] = (await hers.read(FOUND, "home")).letters;
    await write({ ...(first?.letter as Letter), id: id(902), step: 2 });
    const { letters } = await hers.read(FOUND, "home");
    expect(letters.map(({ verdict }) => verdict)).toEqual(["ok", "malformed"]);
  });
});

describe("a document that is sent to be transmitted", () => {
  const SALT = new Uint8Array(32).fill(7);
  type Over = {
    by?: Who;
    signed?: Partial<MadeSaid>;
    changed?: Partial<MadeSaid>;
    besides?: string;
    kind?: "docx" | "pdf";
    makings?: ReturnType<typeof makingsOf>;
  };

  /** What whoever made documents signed, of exactly these files. */
  const makingsOf =
    ({ by = writer, signed = {}, changed = {}, besides, kind = "pdf" }: Over) =>
    async (request: string, files: readonly FileSaid[]): Promise<MadeSaid[]> => {
      const commitments = files.map(async ({ sha256 }) => ({
        ...({ kind, language: "es" } as const),
        commitment: b64u.encode(await commitToDigest(SALT, b64u.decode(besides ?? sha256))),
      }));
      const said = {
        ...{ version: 3, letterhead: "", template: "", files: await Promise.all(commitments) },
        ...{ recipients: [id(70)], person: by.person, device: by.device?.device ?? "" },
        ...{ at: "2026-11-24T14:00:00Z", signature: "", salt: b64u.encode(SALT), ...signed },
      };
      const seed = by.device?.signaturePrivate ?? new Uint8Array(32);
      const signature = b64u.encode(await signMade(signedOf(request, said), seed.slice()));
      return [{ ...said, signature, ...changed }];
    };

  async function sent(over: Over, form = AT_HOME): Promise<Browser> {
    const his = await open(writer, { makings: over.makings ?? makingsOf(over) });
    const place = placeOf(FOUND.id, form);
    const whole = new Blob(["the request, as it is signed"]);
    const slice = (from: number, to: number) => whole.slice(from, to);
    const type = "application/pdf";
    const file = await his.uploads.attach(place, { name: "x.pdf", type, size: whole.size, slice });
    let isReady = false;
    const stop = his.uploads.onUploads(place, (now) => {
      isReady = now.some(({ phase }) => phase === "ready");
    });
    await vi.waitFor(() => expect(isReady).toBe(true));
    stop();
    await his.write(FOUND, form, words("the papers", [file]));
    await his.read(FOUND, form === AT_HOME ? "home" : "both");
    return his;
  }

  async function found(by: Browser) {
    const { letters } = await by.read(FOUND, "home");
    return { letter: letters[0]?.id ?? "", file: letters[0]?.files[0] };
  }

  const sink = () => ({
    write: async () => undefined,
    close: async () => undefined,
    abort: async () => undefined,
  });
  const how = () => ({ signal: new AbortController().signal, progress: () => undefined });

  it("is known for what was made of which version, by whom", async () => {
    await sent({});
    const hers = await open(all()[0]);
    expect((await found(hers)).file?.proven).toEqual({
      ...{ version: 3, name: writer.name, kind: "pdf", language: "es" },
      ...{ hasTemplate: false, isFormer: false },
    });
  });

  it.each([
    ["docx", true],
    ["pdf", false],
  ] as const)("as %s has words of a Word template that was used: %s", async (kind, hasTemplate) => {
    await sent({ kind, signed: { template: "0f".repeat(32) } });
    const { file } = await found(await open(all()[0]));
    expect(file?.proven).toMatchObject({ kind, hasTemplate });
  });

  it("was made by somebody whose device counts no more, which is told", async () => {
    const colleague = await drafter(19, "SV");
    known.push(colleague);
    await sent({ by: colleague });
    const proven = async () => (await found(await open(all()[0]))).file?.proven;
    expect(await proven()).toMatchObject({ name: colleague.name, isFormer: false });
    Object.assign(colleague.device ?? {}, { isRevoked: true });
    expect(await proven()).toMatchObject({ name: colleague.name, isFormer: true });
  });

  it.each([
    ["2026-11-24T15:15:00Z", { isFormer: false }],
    ["2026-11-24T15:15:01Z", "unsigned"],
  ] as const)(
    "sent at 15:00 and dated %s is %o: no moment of a making is signed",
    async (at, is) => {
      await sent({ signed: { at } });
      const { file } = await found(await open(all()[0]));
      if (is === "unsigned") expect(file?.proven).toBe(is);
      else expect(file?.proven).toMatchObject(is);
    },
  );

  it("is as good as the best that was signed of it", async () => {
    const [colleague, stranger] = [await drafter(19, "SV"), await drafter(18, "MX")];
    known.push(colleague, stranger);
    Object.assign(colleague.device ?? {}, { isRevoked: true });
    const makers = [colleague, writer, stranger];
    const makings = async (request: string, files: readonly FileSaid[]) =>
      (await Promise.all(makers.map((by) => makingsOf({ by })(request, files)))).flat();
    await sent({ makings });
    const { file } = await found(await open(all()[0]));
    expect(file?.proven).toMatchObject({ name: writer.name, isFormer: false });
  });

  it.each([
    ["of another version than was signed", { changed: { version: 4 } }],
    ["for others than was signed", { changed: { recipients: [id(71)] } }],
    ["by a device of nobody", { changed: { device: id(9_999) } }],
    ["by somebody else than signed it", { changed: { person: id(11) } }],
  ] as const)("is not believed to be made %s", async (_what, over: Over) => {
    await sent(over);
    expect((await found(await open(all()[0]))).file?.proven).toBe("unsigned");
  });

  it("is not believed to be made by somebody of another State", async () => {
    const stranger = await drafter(18, "MX");
    known.push(stranger);
    await sent({ by: stranger });
    expect((await found(await open(all()[0]))).file?.proven).toBe("unsigned");
  });

  it("is nothing that was made where its bytes are others", async () => {
    await sent({ besides: b64u.encode(new Uint8Array(32)) });
    expect((await found(await open(all()[0]))).file?.proven).toBeNull();
  });

  it("is compared once this browser has fetched all of it, and not by the host's word", async () => {
    await sent({});
    const hers = await open(all()[0]);
    const { letter, file } = await found(hers);
    expect(file).toMatchObject({ isThere: true, isCompared: false });
    const paper = file?.file.id ?? "";
    const kept = server.files.kept.get(paper);
    const [piece] = [...(kept?.pieces.values() ?? [])];
    const other = piece?.slice() ?? new Uint8Array();
    other[0] = (other[0] ?? 0) ^ 1;
    kept?.pieces.set(0, other);
    await expect(hers.fetchFile(at("home", letter), paper, sink(), how())).rejects.toMatchObject({
      code: "attachment-damaged",
    });
    expect((await found(hers)).file?.isCompared).toBe(false);
    kept?.pieces.set(0, piece ?? other);
    await hers.fetchFile(at("home", letter), paper, sink(), how());
    expect((await found(hers)).file?.isCompared).toBe(true);
    const names = (await hers.disk.range({ from: "", to: "\uffff" })).map(({ key }) => key);
    expect(names.filter((name) => name.includes(file?.file.sha256 ?? ""))).toEqual([]);
    expect((await found(await open(all()[0]))).file?.isCompared).toBe(false);
  });

  it("is not compared by another one that was fetched under its id", async () => {
    await sent({});
    const hers = await open(all()[0]);
    const { letter, file } = await found(hers);
    await hers.fetchFile(at("home", letter), file?.file.id ?? "", sink(), how());
    const [first] = (await hers.read(FOUND, "home")).letters;
    const never = { ...(file?.file as FileSaid), sha256: b64u.encode(new Uint8Array(32).fill(9)) };
    const made = await makingsOf({})(FOUND.id, [never]);
    await write({ ...(first?.letter as Letter), id: id(900), files: [never], made });
    const { letters } = await hers.read(FOUND, "home");
    expect(letters[1]).toMatchObject({ verdict: "ok", files: [{ isCompared: false }] });
    expect(letters[1]?.files[0]?.proven).toMatchObject({ version: 3 });
    expect(letters[0]?.files[0]?.isCompared).toBe(true);
  });

  it("is not compared by what was fetched from a letter to both", async () => {
    const his = await sent({}, FREE);
    const [both] = (await his.read(FOUND)).letters;
    const hers = await open(all()[0]);
    await hers.read(FOUND);
    const files = both?.letter?.files ?? [];
    await hers.fetchFile(at("both", both?.id ?? ""), files[0]?.id ?? "", sink(), how());
    const made = await makingsOf({})(FOUND.id, files);
    await write({ ...(both?.letter as Letter), id: id(901), audience: "home", made });
    expect((await found(hers)).file).toMatchObject({ isCompared: false, proven: { version: 3 } });
  });

  it("is handed over from the letter in which it is shown, whatever has its name elsewhere", async () => {
    const his = await sent({}, FREE);
    const [both] = (await his.read(FOUND)).letters;
    const [file] = (both?.letter?.files ?? []) as [FileSaid];
    const never = { ...file, sha256: b64u.encode(new Uint8Array(32).fill(9)) };
    const forged = { ...(both?.letter as Letter), audience: "home" as const, files: [never] };
    await write(forged);
    const hers = await open(all()[0]);
    await hers.read(FOUND);
    await hers.read(FOUND, "home");
    const fetching = hers.fetchFile(at("home", both?.id ?? ""), file.id, sink(), how());
    await expect(fetching).rejects.toMatchObject({ code: "attachment-damaged" });
  });

  it("is handed over also where it cannot be kept that it was compared", async () => {
    await sent({});
    const hers = await open(all()[0]);
    const { letter, file } = await found(hers);
    vi.spyOn(hers.disk, "write").mockRejectedValue(new Error("full"));
    await hers.fetchFile(at("home", letter), file?.file.id ?? "", sink(), how());
    expect(server.reported).toMatchObject([{ message: "full" }]);
  });

  it("that the host hides is said not to be there", async () => {
    await sent({});
    server.files.kept.clear();
    const hers = await open(all()[0]);
    expect((await found(hers)).file).toMatchObject({ isThere: false, isCompared: false });
  });

  it("says nothing abroad of what was made", async () => {
    const makings = vi.fn(makingsOf({}));
    const his = await open(writer, { makings });
    await his.write(FOUND, FREE, words("for both"));
    await his.read(FOUND);
    await sent({}, FREE);
    const [, second] = (await his.read(FOUND)).letters;
    expect(second?.letter?.files).toHaveLength(1);
    expect(second?.letter?.made).toBeUndefined();
    expect(makings).not.toHaveBeenCalled();
  });
});
