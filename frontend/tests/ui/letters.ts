/** Letters of the fixture: beside a step, of nobody's key, one that does not open, and one that waits. */

import { b64u, hex } from "../../src/bytes";
import type {
  CaseHubClient,
  FileSaid,
  LetterForm,
  Letters,
  ShownLetter,
  UnreadLetters,
} from "../../src/ui/client";

const AT = "2026-11-14T16:20:00Z";

function letter(id: string, changes: Partial<ShownLetter> & { text?: string }): ShownLetter {
  const { text, ...over } = changes;
  const author = { person: "p-lo", name: "Leonel Ortega", state: "MX" };
  const base = { id, ...author, at: AT, step: 0, byDevice: false, files: [] };
  const said = {
    request: "d2",
    id,
    step: over.step ?? 0,
    person: over.person ?? base.person,
    state: over.state ?? base.state,
    requesting_state: "SV",
    requested_state: "MX",
    issued: AT,
    text: text ?? "",
    handling: { codes: ["court"] as const },
    ...(id.startsWith("h") && { audience: "home" as const }),
  };
  return { ...base, letter: text === undefined ? null : said, verdict: "ok", ...over };
}

/** Evidence that a step of the fixture's record names. */
const EVIDENCE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const fileOf = (id: string, name: string, size: number, hash = "0".repeat(64)): FileSaid => ({
  ...{ id, name, type: "", size },
  sha256: b64u.encode(hex.decode(hash)),
  sealed: b64u.encode(new Uint8Array(32)),
  key: b64u.encode(new Uint8Array(32)),
  prefix: b64u.encode(new Uint8Array(7)),
});

const TOLD: Letters = {
  readers: [
    { person: "p-jb", name: "Julia Barahona", state: "SV", central: true },
    { person: "p-lo", name: "Leonel Ortega", state: "MX", central: true },
    { person: "p-xx", name: "Ximena Paz", state: "MX", central: true },
  ],
  doubted: [{ person: "p-xx", name: "Ximena Paz", state: "MX", central: true }],
  letters: [
    letter("l1", {
      step: 5,
      text: "Se remiten los estados de cuenta de 2024; faltan los de 2025.",
      files: [
        {
          file: fileOf("f1", "estados de cuenta 2024.pdf", 734_003, EVIDENCE),
          ...{ isThere: true, proven: null, isCompared: false },
          opened: [{ person: "p-jb", name: "Julia Barahona", state: "SV", at: AT }],
        },
        {
          file: fileOf("f2", "anexo.csv", 1_204),
          isThere: false,
          opened: [],
          proven: null,
          isCompared: false,
        },
      ],
    }),
    letter("l2", { text: "¿Sigue siendo necesaria la segunda diligencia?" }),
    letter("l3", { verdict: "key", text: "Conteste a otra dirección." }),
    letter("l4", { verdict: "sealed" }),
  ],
  isWhole: true,
  waiting: [
    {
      id: "l5",
      request: "d2",
      requesting_state: "SV",
      requested_state: "MX",
      order: AT,
      step: 0,
      text: "Sí, antes del 15 de diciembre.",
      handling: null,
    },
    {
      id: "l6",
      request: "d2",
      requesting_state: "SV",
      requested_state: "MX",
      order: AT,
      step: 9,
      text: "Sobre un paso que no consta.",
      handling: null,
      failure: "letter-step",
    },
  ],
  held: null,
};

/** What those who draft sent to their own central authority: a document, and what is none. */
const AT_HOME: Letters = {
  readers: [
    { person: "p-jb", name: "Julia Barahona", state: "SV", central: true },
    { person: "p-mo", name: "Marta Olivares", state: "SV", central: false },
  ],
  doubted: [],
  letters: [
    letter("h1", {
      ...{ person: "p-mo", name: "Marta Olivares", state: "SV", byDevice: true },
      text: "El oficio y su anexo, para transmitir.",
      files: [
        {
          file: fileOf("f8", "oficio-v4-es.pdf", 81_204),
          ...{ isThere: true, opened: [], isCompared: true },
          proven: {
            ...{ version: 4, name: "Marta Olivares", kind: "pdf", language: "es" },
            ...{ hasTemplate: false, isFormer: false },
          },
        },
        {
          file: fileOf("f9", "anexo escaneado.pdf", 1_204, "1".repeat(64)),
          ...{ isThere: true, opened: [], isCompared: false, proven: null },
        },
      ],
    }),
  ],
  isWhole: true,
  waiting: [],
  held: null,
};

const UNREAD: readonly UnreadLetters[] = [
  {
    ...{ request: "d2", audience: "both", requesting_state: "SV", requested_state: "MX" },
    ...{ count: 2, at: AT },
  },
];

export function lettersFixture(written: boolean): CaseHubClient["letters"] {
  const forms = new Map<string, LetterForm>();
  let told = TOLD;
  let unread: readonly UnreadLetters[] = written ? UNREAD : [];
  return {
    unread: async () => unread,
    mark: async (request, audience) => {
      unread = unread.filter((one) => one.request !== request || one.audience !== audience);
      return unread;
    },
    stranded: async () => [],
    giveUp: async () => undefined,
    read: async (_, audience) => (audience === "home" ? AT_HOME : told),
    earlier: async (_, audience) => (audience === "home" ? AT_HOME : told),
    write: async (found, form, { text, handling, number: step }) => {
      forms.delete(`${found.id}/${form}`);
      if (text.trim() === "") return null;
      const written = letter(`w${told.letters.length}`, { step, text, name: "Julia Barahona" });
      const said = written.letter && { ...written.letter, handling };
      told = { ...told, letters: [...told.letters, { ...written, letter: said }] };
      return written.id;
    },
    sendAll: async () => undefined,
    discard: async (_, id) => {
      told = { ...told, waiting: told.waiting.filter((one) => one.id !== id) };
    },
    keep: (request, form, said) => void forms.set(`${request}/${form}`, said),
    kept: async (request, form) => forms.get(`${request}/${form}`) ?? null,
    flush: async () => undefined,
    ready: async () => undefined,
    uploads: {
      attach: async () => "f3",
      attachAgain: async () => undefined,
      handleFile: async () => undefined,
      detach: async () => undefined,
      onUploads: (_, listener) => {
        listener([]);
        return () => undefined;
      },
    },
    fetchFile: async () => undefined,
  };
}
