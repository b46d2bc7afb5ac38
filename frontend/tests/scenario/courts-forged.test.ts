/** What an exporter's changed program, or whoever has the file, can make of it: nothing that is believed. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { owned, u64, utf8 } from "../../src/bytes";
import { canonical, fromCanonical } from "../../src/canonical";
import { makeEngine } from "../../src/crypto/engine";
import { openEnvelope, sealEnvelope } from "../../src/crypto/envelope";
import type { InnerSignature } from "../../src/crypto/innerSignature";
import { decodeMessage } from "../../src/crypto/wire";
import { examine, type Own, type Parts } from "../../src/verify/court/check";
import * as form from "../../src/verify/court/form";
import { leafHash } from "../../src/verify/tlog/merkle";
import { fromBase64, toBase64 } from "../../src/verify/tlog/text";
import { ask, begin, codes, make, own, partsOf, said } from "./courtRoom";
import { at, say, seen } from "./said";
import { accepted, until, World } from "./world";

type Line = form.EntryLine;
type Kept = { body: Uint8Array; inner: InnerSignature };

const MOVED = "Dicho en otra época";
const RESTRICTED = { handling: { codes: ["court" as const] } };
const idOf = (aad: Uint8Array) => (fromCanonical(aad) as { client_msg_id: string }).client_msg_id;

/** The exporter's program: it keeps what it must forget, and signs its own words anew. */
class Exporter {
  readonly heard = new Map<string, Kept>();
  /** Of its own messages: the same ones with other words, signed and sealed as they must be. */
  readonly anew = new Map<string, Kept>();

  readonly engine: World["engine"] = async (check) => {
    const engine = await makeEngine(check);
    const { encrypt, process } = engine;
    engine.process = async (state, bytes) => {
      const read = await process.call(engine, state, bytes);
      if (read.kind === "message") {
        this.heard.set(idOf(read.aad), { body: bytes.slice(), inner: read.inner });
      }
      return read;
    };
    engine.encrypt = async (state, plaintext, aad) => {
      const opened = openEnvelope(plaintext);
      if (opened.content.kind === "text") {
        const content = { ...opened.content, text: `${opened.content.text}, o no` };
        const other = sealEnvelope({ ...opened, content });
        const { message, inner } = await encrypt.call(engine, state, other, aad);
        this.anew.set(opened.id, { body: message, inner });
      }
      const made = await encrypt.call(engine, state, plaintext, aad);
      const moved = opened.content.kind === "text" && opened.content.text === MOVED;
      if (moved) made.message = await inAnotherEpoch(made.message, made.inner);
      this.heard.set(opened.id, { body: made.message, inner: made.inner });
      return made;
    };
    return engine;
  };
}

/** The same message sealed anew under its own key, with another epoch in its head. */
async function inAnotherEpoch(body: Uint8Array, inner: InnerSignature): Promise<Uint8Array> {
  const message = decodeMessage(body);
  const { opener } = inner;
  if (message.wireformat !== "mls_private_message" || !opener) throw new Error("no such message");
  const { authenticatedData, ciphertext } = message.privateMessage;
  // Version and format, the group's id with its length; the epoch, the type and what is in clear.
  const [start, at] = [4, 4 + 1 + 16];
  const end = at + 8 + 1 + (authenticatedData.length < 64 ? 1 : 2) + authenticatedData.length;
  const moved = body.slice();
  moved.set(u64(inner.epoch + 1), at);
  const algorithm = (of: Uint8Array) => ({
    name: "AES-GCM",
    iv: owned(opener.slice(16)),
    additionalData: owned(of.slice(start, end)),
  });
  const usages = ["encrypt", "decrypt"] as const;
  const key = await crypto.subtle.importKey(
    "raw",
    owned(opener.slice(0, 16)),
    "AES-GCM",
    false,
    usages,
  );
  const plain = await crypto.subtle.decrypt(algorithm(body), key, owned(ciphertext));
  const sealed = await crypto.subtle.encrypt(algorithm(moved), key, plain);
  moved.set(new Uint8Array(sealed), body.length - sealed.byteLength);
  return moved;
}

const isEdit = (kept: Kept | undefined) =>
  kept !== undefined && utf8.decode(kept.inner.aad).includes('"act":"edit"');

let world: World;
let parts: Parts;
let keys: Own;
let exporter: Exporter;
/** Entries: Ana's words and their edit; Boris's answer; what he withdrew, and what quoted it;
 * what he restricted; words of Ana's in a ciphertext that names another epoch. */
const place = { own: 0, edit: 0, answer: 0, gone: 0, quoting: 0, closed: 0, moved: 0 };

beforeAll(async () => {
  world = await World.make();
  exporter = new Exporter();
  world.engine = exporter.engine;
  const { ana, boris, circle, all } = await begin(world);
  place.own = await say(ana, all, circle, "Llega el martes");
  await ana.client.act(circle, place.own, { kind: "edit", text: "Llega el miércoles" });
  await seen(all, circle, place.own, ({ versions }) => versions !== undefined);
  place.answer = await say(boris, all, circle, "Recibido", { answers: place.own });
  place.gone = await say(boris, all, circle, "Un error");
  place.quoting = await say(ana, all, circle, "¿Cuál?", { answers: place.gone });
  await boris.client.act(circle, place.gone, { kind: "withdraw" });
  await seen(all, circle, place.gone, ({ withdrawn }) => withdrawn !== undefined);
  place.closed = await say(boris, all, circle, "Nombre del testigo", RESTRICTED);
  expect((await at(ana, circle, place.quoting))?.quote?.excerpt).toBe("");
  boris.kill(); // no honest device goes on from the next one
  await ana.client.send(circle, MOVED);
  await until("it is taken", async () => (await accepted(ana.client, circle)).includes(MOVED));
  await ask(ana, circle);
  parts = await partsOf(await make(ana));
  keys = await own(world);
  place.edit = entries().find(({ id }) => isEdit(exporter.heard.get(id)))?.seq ?? 0;
  place.moved = place.closed + 1;
});
afterAll(() => world.close());

const entries = () => form.linesOf(parts.entries).map(form.parseEntry);
const acts = () => form.parseActs(parts.acts);
const directory = () => form.linesOf(parts.directory).map(form.parseDirectory);

/** The entries with one of them, or some, as `to` makes them. */
const withEntry = (seq: number, to: (line: Line) => Line): Partial<Parts> => ({
  entries: form.lines(entries().map((one) => (one.seq === seq ? to(one) : one))),
});
const withActs = (changes: Partial<form.Acts>): Partial<Parts> => ({
  acts: form.written({ ...acts(), ...changes }),
});
const inner = ({ body, inner }: Kept): NonNullable<Line["inner"]> => {
  const { leaf, tree, transcript, opener = new Uint8Array() } = inner;
  return { body, leaf, tree, transcript, opener };
};
const shownAs = (kept: Kept | undefined) => (line: Line) => {
  if (kept === undefined) throw new Error("the program has not kept it");
  return { ...line, held: null, inner: inner(kept) };
};
const bent = (line: Line, to: (was: NonNullable<Line["inner"]>) => Partial<Line["inner"]>) => {
  if (line.inner === null) throw new Error("it does not leave");
  return { ...line, inner: { ...line.inner, ...to(line.inner) } };
};
const lineAt = (seq: number): Line => {
  const found = entries().find((one) => one.seq === seq);
  if (found === undefined) throw new Error("no such entry");
  return found;
};
const flipped = (bytes: Uint8Array) => bytes.map((byte, place) => (place === 0 ? byte ^ 1 : byte));
const held = (line: Line): Line => ({ ...line, inner: null, held: "unsigned" });

/** What is done, how, and what a reader is told. */
const FORGED: readonly [string, () => Partial<Parts>, readonly string[]][] = [
  [
    "the exporter's own words signed anew, with a key of their own",
    () => withEntry(place.own, (line) => shownAs(exporter.anew.get(line.id))(line)),
    ["entry-leave", "entry-sealed", "range"],
  ],
  [
    "the key of other words",
    () =>
      withEntry(place.own, (line) =>
        bent(line, () => ({
          opener: exporter.anew.get(line.id)?.inner.opener ?? new Uint8Array(),
        })),
      ),
    ["entry-leave", "entry-sealed", "range"],
  ],
  [
    "the ciphertext of another entry, with its key",
    () => withEntry(place.answer, (line) => ({ ...line, inner: lineAt(place.own).inner })),
    ["entry-sealed", "range"],
  ],
  [
    "another leaf than signed",
    () => withEntry(place.answer, (line) => bent(line, ({ leaf }) => ({ leaf: leaf + 1 }))),
    ["entry-signature", "range"],
  ],
  [
    "another state of the group than signed",
    () => withEntry(place.answer, (line) => bent(line, ({ tree }) => ({ tree: flipped(tree) }))),
    ["entry-signature", "range"],
  ],
  ["an edit held back", () => withEntry(place.edit, held), ["entry-changed"]],
  [
    "what was withdrawn, out of a store that did not forget it",
    () => withEntry(place.gone, (line) => shownAs(exporter.heard.get(line.id))(line)),
    ["entry-leave", "range"],
  ],
  [
    "words that quote what was withdrawn",
    () => withEntry(place.quoting, (line) => shownAs(exporter.heard.get(line.id))(line)),
    ["entry-leave", "range"],
  ],
  [
    "restricted words without leave",
    () => withEntry(place.closed, (line) => shownAs(exporter.heard.get(line.id))(line)),
    ["entry-leave", "range"],
  ],
  [
    "words in a ciphertext that names another epoch than it lies in",
    () => withEntry(place.moved, (line) => shownAs(exporter.heard.get(line.id))(line)),
    ["entry-content", "range"],
  ],
  [
    "an entry left out",
    () => ({ entries: form.lines(entries().filter(({ seq }) => seq !== place.answer)) }),
    ["entry-chain", "entry-order", "range"],
  ],
  [
    "an entry twice",
    () => ({ entries: form.lines([...entries(), lineAt(place.closed)]) }),
    ["entry-order", "range"],
  ],
  [
    "two entries in each other's place",
    () => ({
      entries: form.lines(
        entries().map(({ seq }) => {
          const other = { [place.own]: place.answer, [place.answer]: place.own }[seq];
          return { ...lineAt(other ?? seq), seq };
        }),
      ),
    }),
    ["entry-chain", "entry-leave", "entry-receipt", "range"],
  ],
  [
    "the receipt of another entry",
    () => withEntry(place.answer, (line) => ({ ...line, receipt: lineAt(place.own).receipt })),
    ["entry-chain", "entry-receipt", "range"],
  ],
  [
    "another epoch",
    () => withEntry(place.answer, (line) => ({ ...line, epoch: line.epoch + 1 })),
    ["entry-chain", "entry-receipt", "range"],
  ],
  [
    "another device",
    () => withEntry(place.answer, (line) => ({ ...line, device: lineAt(place.own).device })),
    ["entry-chain", "entry-receipt", "range"],
  ],
  [
    "another id",
    () => withEntry(place.gone, (line) => ({ ...line, id: crypto.randomUUID() })),
    ["entry-chain"],
  ],
  [
    "words that are there, and said to be held back",
    () => withEntry(place.answer, (line) => ({ ...line, held: "unsigned" })),
    ["entry-content"],
  ],
  [
    "words that are gone, without a reason",
    () => withEntry(place.answer, (line) => ({ ...line, inner: null })),
    ["entry-content"],
  ],
  ["another history before it", () => withActs({ chain: flipped(acts().chain) }), ["entry-chain"]],
  [
    "another court",
    () => withActs({ wish: { ...(acts().wish as object), court: "Juzgado 4" } }),
    ["wish"],
  ],
  [
    "the wish's receipt from another act",
    () => withActs({ asked: lineAt(place.own).receipt }),
    ["asked", "range"],
  ],
  ["no receipt of the wish", () => withActs({ asked: "" }), ["asked"]],
  [
    "a directory that ends too early",
    () => ({ directory: form.lines(directory().slice(0, -1)) }),
    ["directory"],
  ],
  [
    "a directory without its checkpoint",
    () => ({ directory: form.lines(directory().slice(1)) }),
    ["directory"],
  ],
  ["no policy", () => ({ policy: "" }), ["policy"]],
  ["no roots", () => ({ roots: "" }), ["roots"]],
  ["entries that are none", () => ({ entries: utf8.encode("{}\n") }), ["format"]],
  ["acts that are none", () => ({ acts: canonical({}) }), ["format"]],
];

describe("a reader of an export is told of", () => {
  it.each(FORGED)("%s", async (_what, forged, told) => {
    const verdict = await examine({ ...parts, ...forged() }, keys);
    expect(codes(verdict)).toEqual(told);
  });

  it("people of whom nothing is told", async () => {
    const lines = await Promise.all(
      directory().map(async (line) =>
        "leaf" in line ? { hash: toBase64(await leafHash(fromBase64(line.leaf))) } : line,
      ),
    );
    const verdict = await examine({ ...parts, directory: form.lines(lines) }, keys);
    expect(codes(verdict)).toEqual(["wish"]);
  });
});

describe("an export that nobody touched", () => {
  it("is sound, and has what may be shown, and nothing else", async () => {
    const verdict = await examine(parts, keys);
    expect(codes(verdict)).toEqual([]);
    expect(said(verdict)).toEqual(["Llega el martes", "Recibido"]);
  });

  it("holds back what its readers would not take", () => {
    expect(lineAt(place.moved)).toMatchObject({ inner: null, held: "unreadable" });
  });
});
