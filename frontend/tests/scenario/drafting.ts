/** Words for scenarios about requests. */

import { expect } from "vitest";
import type { DraftView, RequestView } from "../../src/effects/client";
import { Book, type Draft } from "../../src/rules/book";
import { loadBook } from "../../src/rules/load";
import { makeDraft } from "../draft";
import { type Desk, until, type World } from "./world";

export const CANARY = "canario-9f31-Hachadura";

export function draftOf(summary: string): Draft {
  return makeDraft({ facts: { summary }, measures: [] });
}

export function requestOf({ client }: Desk, id: string): RequestView | undefined {
  return client.view().requests.find((one) => one.id === id);
}

/** Everything a desk was told of a draft; the last is how it stands. */
export function watch(desk: Desk, id: string): { last: () => DraftView | null; stop: () => void } {
  let last: DraftView | null = null;
  const stop = desk.client.onDraft(id, (view) => {
    last = view;
  });
  return { last: () => last, stop };
}

export function summaryOf(view: DraftView | null): string {
  const facts = view?.draft.facts;
  return typeof facts === "object" && facts !== null && "summary" in facts
    ? String(facts.summary)
    : "";
}

/** Two drafters of SV in one request, and somebody of MX in the same case. */
export async function drafting(world: World, desks: { ana?: Desk; boris?: Desk } = {}) {
  const ana = desks.ana ?? (await world.person());
  const boris = desks.boris ?? (await world.person());
  const mexico = await world.person("MX");
  const caseId = await ana.client.openCase(["SV", "MX"], "Caso Río");
  await ana.client.addPerson(caseId, boris.person, []);
  await ana.client.addPerson(caseId, mexico.person, []);
  const title = "Registros bancarios";
  const id = await ana.client.draftRequest(caseId, title, draftOf("uno"), [boris.person]);
  await until("the first version is there", () => requestOf(ana, id)?.version === 1);
  await until("boris is in", () => {
    const request = requestOf(boris, id);
    return request?.status === "active" && request.title === title;
  });
  await until("mexico is in the case", () => mexico.client.view().cases.length === 1);
  await reads(boris, id, "uno");
  return { ana, boris, mexico, caseId, id };
}

/** Take the turn, write, and wait until it is a version; the draft stays open on the screen. */
export async function write(desk: Desk, id: string, summary: string): Promise<void> {
  const before = requestOf(desk, id)?.version ?? 0;
  const { last } = watch(desk, id);
  await until("the newest version is here", () => last()?.base === before);
  if (!requestOf(desk, id)?.turn?.mine) await desk.client.takeTurn(id);
  desk.client.editDraft(id, draftOf(summary));
  await desk.client.saveDraft(id);
  expect(requestOf(desk, id)?.version).toBe(before + 1);
}

/** The rulebook without the rules that forbid but these, for a draft of a sentence to be ready. */
export async function lenient(...forbidding: string[]): Promise<Book> {
  const { document, version } = await loadBook();
  const rules = document.rules.filter(
    ({ id, severity }) => severity !== "blocks" || forbidding.includes(id),
  );
  return new Book({ ...document, rules }, version);
}

export async function reads(desk: Desk, id: string, summary: string): Promise<void> {
  const { last, stop } = watch(desk, id);
  await until(`${summary} is read`, () => summaryOf(last()) === summary);
  stop();
}

/**
 * The body of a version that was announced, and that the server did not take but kept; the draft
 * stays open on the screen.
 */
export async function refusedVersion(world: World, desk: Desk, id: string, summary: string) {
  const { requests } = world.service;
  watch(desk, id); // or leaving the draft would give the next turn back
  await desk.client.takeTurn(id);
  world.service.fault = (name) => {
    if (name === "saveVersion") requests.file(id).row.turn = null;
    return undefined;
  };
  desk.client.editDraft(id, draftOf(summary));
  await expect(desk.client.saveDraft(id)).rejects.toMatchObject({ code: "turn-needed" });
  world.service.fault = () => undefined;
  const [kept] = requests.refused;
  if (kept === undefined) throw new Error("nothing was refused");
  await until("the turn is known to be gone", () => requestOf(desk, id)?.turn === null);
  return kept;
}
