/** Letters of the fixture: beside a step, of nobody's key, one that does not open, and one that waits. */

import type { CaseHubClient, LetterForm, Letters, ShownLetter } from "../../src/ui/client";

const AT = "2026-11-14T16:20:00Z";

function letter(id: string, changes: Partial<ShownLetter> & { text?: string }): ShownLetter {
  const { text, ...over } = changes;
  const base = { id, person: "p-lo", name: "Leonel Ortega", state: "MX", at: AT, step: 0 };
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
  };
  return { ...base, letter: text === undefined ? null : said, verdict: "ok", ...over };
}

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
    }),
    letter("l2", { text: "¿Sigue siendo necesaria la segunda diligencia?" }),
    letter("l3", { verdict: "key", text: "Conteste a otra dirección." }),
    letter("l4", { verdict: "sealed" }),
  ],
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

export function lettersFixture(): CaseHubClient["letters"] {
  const forms = new Map<string, LetterForm>();
  let told = TOLD;
  return {
    read: async () => told,
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
  };
}
