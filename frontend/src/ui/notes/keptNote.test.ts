import { describe, expect, it } from "vitest";
import type { CaseHubClient, CaseView, NoteView } from "../client";
import { KeptNote, type Typed } from "./keptNote";

const CASE = { threads: [{ kind: "case", circle: "c1" }] } as unknown as CaseView;
const STOPPED = { thread: { circle: "n1" } } as unknown as NoteView;

const TYPED: Typed = {
  chosen: ["boris"],
  subject: "Ruta",
  told: "Pasan el lunes",
  asked: "",
  handling: { codes: ["court"] },
  ids: [["MX", "note-1"]],
  done: [],
};

/** A device that keeps what it is told to. */
function device(left: string[] = []) {
  const kept = new Map<string, string>();
  const notes = { left: (id: string) => left.includes(id) };
  return {
    kept,
    notes: notes as unknown as CaseHubClient["notes"],
    typed: (circle: string, what: string) => kept.get(`${circle}/${what}`) ?? "",
    setTyped: (circle: string, what: string, text: string) => {
      kept.set(`${circle}/${what}`, text);
    },
  };
}

describe("what is typed in the dialog of a note", () => {
  it("is there again when the dialog opens, with its terms and the ids of what was tried", () => {
    const client = device();
    new KeptNote(client, CASE, undefined).keep(TYPED);
    expect(new KeptNote(client, CASE, undefined).read()).toEqual(TYPED);
  });

  it("is nothing while neither what is known nor what is asked was typed", () => {
    const client = device();
    new KeptNote(client, CASE, undefined).keep({ ...TYPED, told: "" });
    expect(client.kept.size).toBe(0);
    expect(new KeptNote(client, CASE, undefined).read()).toBeNull();
  });

  it("knows of whom was told after the dialog was closed", () => {
    const client = device(["note-1"]);
    new KeptNote(client, CASE, undefined).keep({ ...TYPED, done: ["GT"] });
    expect(new KeptNote(client, CASE, undefined).done()).toEqual(["GT", "MX"]);
    expect(new KeptNote(device(), CASE, undefined).done()).toEqual([]);
  });

  it("goes when the note is sent, whatever changes after that", () => {
    const client = device();
    const note = new KeptNote(client, CASE, undefined);
    note.keep(TYPED);
    note.over();
    note.keep({ ...TYPED, done: ["MX"] });
    expect(new KeptNote(client, CASE, undefined).read()).toBeNull();
  });

  it("is another one for a note that goes on from one that stopped", () => {
    const client = device();
    new KeptNote(client, CASE, STOPPED).keep(TYPED);
    expect(new KeptNote(client, CASE, undefined).read()).toBeNull();
    expect(new KeptNote(client, CASE, STOPPED).read()).toEqual(TYPED);
  });
});
