/** What the screen and the headless program can do with requests. */

import type { Draft } from "../../rules/book";
import type { Desk } from "../desk";
import type { DraftView } from "../requestViews";
import { type PaperActs, paperActs } from "./papers";
import type { Listed } from "./versions";

export interface RequestActs extends PaperActs {
  /** Resolves with the request's id when its group is begun and the draft safe on this device. */
  draftRequest(caseId: string, title: string, draft: Draft, people: string[]): Promise<string>;
  /** Told the draft now, if it is here, and whenever something about it changes. */
  onDraft(id: string, listener: (draft: DraftView) => void): () => void;
  /** What the draft says on this device, without asking for more: nobody opened it. */
  draftHere(id: string): Draft | null;
  /** On the device at once; at the server after a pause, while this person has the turn. */
  editDraft(id: string, draft: Draft): void;
  saveDraft(id: string): Promise<void>;
  /** Of a draft that is behind: the own text becomes the next version. */
  keepMine(id: string): Promise<void>;
  /** Of a draft that is behind: go on from the newest version, the own text kept aside. */
  takeTheirs(id: string): Promise<void>;
  /** Own texts that gave way, oldest first. */
  setAside(id: string): { at: string; base: number; draft: Draft }[];
  takeTurn(id: string): Promise<void>;
  giveTurn(id: string): Promise<void>;
  versions(id: string): Promise<Listed[]>;
  /** Null when this device has not its key. */
  version(id: string, version: number): Promise<Draft | null>;
  /** The newest version at the server, to start another request from; the look is logged. */
  newestVersion(id: string): Promise<{ version: number; draft: Draft }>;
  comment(id: string, section: string, text: string): Promise<void>;
  resolveComment(id: string, comment: string): Promise<void>;
  attest(id: string, ready: boolean): Promise<void>;
  addDrafter(id: string, person: string): Promise<void>;
  removeDrafter(id: string, person: string): Promise<void>;
}

/** `at`: the desk of the session, or a refusal. `guarded`: notices the session's end. */
export function requestActs(
  at: () => Desk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): RequestActs {
  const desk = () => at().requests;
  return {
    ...paperActs(() => desk().papers, guarded),
    draftRequest: (caseId, title, draft, people) =>
      guarded(() => at().requestSteps.draft(caseId, title, draft, people)),
    onDraft: (id, listener) => desk().on(id, listener),
    draftHere: (id) => desk().texts.get(id)?.draft ?? null,
    editDraft: (id, draft) => desk().edit(id, draft),
    saveDraft: (id) => guarded(() => desk().saving.save(id)),
    keepMine: (id) => guarded(() => desk().keepMine(id)),
    takeTheirs: (id) => guarded(() => desk().takeTheirs(id)),
    setAside: (id) => [...(desk().texts.get(id)?.aside ?? [])],
    takeTurn: (id) => guarded(() => desk().take(id)),
    giveTurn: (id) => guarded(() => desk().give(id)),
    versions: (id) => guarded(() => desk().versions.authored(id)),
    version: (id, version) =>
      guarded(async () => (await desk().versions.open(id, version))?.draft ?? null),
    newestVersion: (id) =>
      guarded(async () => {
        const { version, draft } = await desk().newest(id);
        return { version, draft };
      }),
    comment: (id, section, text) => guarded(() => desk().comments.add(id, section, text)),
    resolveComment: (id, comment) => guarded(() => desk().comments.resolve(id, comment)),
    attest: (id, ready) => guarded(() => desk().attesting.attest(id, ready)),
    addDrafter: (id, person) =>
      guarded(() => at().letting(() => at().requestSteps.add(id, person))),
    removeDrafter: (id, person) =>
      guarded(() => at().shutting(() => at().requestSteps.remove(id, person))),
  };
}
