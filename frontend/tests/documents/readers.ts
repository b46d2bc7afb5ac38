/** What the files say, read back by code of our own: no word counts that only its writer sees. */
import { inflateSync } from "node:zlib";
import { unzipSync } from "fflate";

const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

/** The text of each paragraph of a Word document, header and footer included. */
export function readDocx(bytes: Uint8Array): { parts: Map<string, string>; text: string } {
  const files = unzipSync(bytes);
  const parts = new Map(Object.entries(files).map(([name, data]) => [name, utf8.decode(data)]));
  const text = [...parts]
    .filter(([name]) => /^word\/(document|header\d|footer\d)\.xml$/.test(name))
    .flatMap(([, xml]) => xml.split("</w:p>"))
    .map((xml) => [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(([, t]) => t).join(""))
    .join("\n");
  return { parts, text: unescaped(text) };
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
const unescaped = (text: string): string =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] ?? "");

export type ReadPdf = {
  /** In reading order, without what is marked as an artifact. */
  readonly text: string;
  readonly artifacts: string;
  readonly pages: number;
  /** All objects that are not streams, as written. */
  readonly objects: string;
};

/** A PDF as pdfkit writes it: classic objects, deflated streams, fonts with a ToUnicode map. */
export function readPdf(bytes: Uint8Array): ReadPdf {
  const file = latin1.decode(bytes);
  const objects = new Map<string, string>();
  for (const [, id, body] of file.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    if (id !== undefined && body !== undefined) objects.set(id, body);
  }
  const at = (id: string | undefined): string => objects.get(id ?? "") ?? "";
  const stream = (id: string | undefined): string => {
    const body = at(id);
    const [head = "", data = ""] = body.split(/stream\n([\s\S]*)\nendstream/);
    if (!head.includes("FlateDecode")) return data;
    return latin1.decode(inflateSync(Uint8Array.from(data, (letter) => letter.charCodeAt(0))));
  };
  const maps = new Map<string, Map<number, string>>();
  const fontMap = (id: string): Map<number, string> => {
    const known = maps.get(id) ?? unicodeMap(stream(/\/ToUnicode (\d+)/.exec(at(id))?.[1]));
    maps.set(id, known);
    return known;
  };
  const read = { text: "", artifacts: "" };
  const pages = [...objects.values()].filter((body) => /\/Type \/Page\b(?!s)/.test(body));
  for (const page of pages) {
    const resources = at(/\/Resources (\d+)/.exec(page)?.[1]);
    const fonts = new Map(
      [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = "", id = ""]) => [name, id]),
    );
    let [artifact, font] = [false, ""];
    const step = /\/Artifact|\bEMC\b|\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g;
    for (const [what, name, shown] of stream(/\/Contents (\d+)/.exec(page)?.[1]).matchAll(step)) {
      if (what === "/Artifact") artifact = true;
      else if (what === "EMC") artifact = false;
      else if (name !== undefined) font = fonts.get(name) ?? "";
      else read[artifact ? "artifacts" : "text"] += shownText(shown ?? "", fontMap(font));
    }
  }
  const plain = [...objects.values()].filter((body) => !body.includes("stream\n")).join("\n");
  return { ...read, pages: pages.length, objects: plain };
}

const shownText = (shown: string, map: ReadonlyMap<number, string>): string =>
  [...shown.matchAll(/<([0-9a-f]*)>/gi)]
    .flatMap(([, digits = ""]) => digits.match(/.{4}/g) ?? [])
    .map((code) => map.get(Number.parseInt(code, 16)) ?? "?")
    .join("");

/** A CMap of `<from> <to> [<text> ...]` lines (ISO 32000-1, 9.10.3). */
function unicodeMap(cmap: string): Map<number, string> {
  const map = new Map<number, string>();
  for (const [, from = "", list = ""] of cmap.matchAll(/<(\w{4})> <\w{4}> \[([^\]]*)\]/g)) {
    for (const [place, [, units = ""]] of [...list.matchAll(/<([\w ]+)>/g)].entries()) {
      const codes = units.replaceAll(" ", "").match(/.{4}/g) ?? [];
      const text = String.fromCharCode(...codes.map((code) => Number.parseInt(code, 16)));
      map.set(Number.parseInt(from, 16) + place, text);
    }
  }
  return map;
}

/** Where lines break, and whether a space stands there, is no matter of words. */
export const joined = (text: string): string => text.normalize("NFC").replace(/\s+/g, "");
