// @vitest-environment happy-dom
/** A step that waits for a second person, on the page of its request: who can, until when, and how it ends. */

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { CaseHubClient, Dossier, MoveVerdict, ProposalRow, StrandedLetter } from "../client";
import { Hub } from "../hub.svelte";
import { notices } from "../notices.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";

// Without the rulebook measures have their codes for names; to read it takes seconds.
vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));

const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const EXECUTE = { act: "execute", after: "executed", side: "requested" } as const;
let stop: () => void = () => undefined;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-15T12:00:00Z") });
});
afterEach(() => {
  cleanup();
  stop();
  vi.useRealTimers();
});

type World = {
  proposal?: Partial<ProposalRow> | null;
  found?: Partial<Dossier>;
  verdict?: MoveVerdict;
  /** Whether the step that is signed waits then. */
  proposes?: boolean;
  over?: Partial<CaseHubClient["dossiers"]>;
  letters?: Partial<CaseHubClient["letters"]>;
};

/** The page of whoever may put the second hand, unless `found` says otherwise. */
async function page({
  proposal = {},
  found: changes = {},
  verdict = "ok",
  proposes = false,
  over = {},
  letters = {},
}: World = {}) {
  const client = fixtureClient("central");
  const me = client.view().session.person?.id ?? "";
  const known = await client.dossiers.read("d2");
  const step = known.moves.at(-1);
  if (step === undefined) throw new Error("no step");
  const { device: _, second: __, ...row } = step;
  const waiting: ProposalRow = {
    ...{ ...row, ...EXECUTE, before: "partially_executed", number: known.number },
    ...{ person: "p-lo", name: "Leonel Ortega", step: HASH, outcome: "", reason: "", decider: "" },
    ...{ lapses_at: "2026-11-17T15:00:00Z", stopped: false },
    ...proposal,
  };
  const found = {
    ...known,
    proposal: proposal && waiting,
    hands: [{ person: me, name: "Ana" }],
    ...changes,
  };
  const done: Dossier = { ...found, proposal: null, number: found.number + 1 };
  const acts = {
    ...client.dossiers,
    read: vi.fn(async () => found),
    wanted: vi.fn(async () => []),
    check: async (one: Dossier) => ({
      ...{ moves: one.moves.map((): MoveVerdict => "ok"), stands: true },
      proposal: one.proposal && verdict,
    }),
    confirm: vi.fn(async () => done),
    decline: vi.fn(async () => ({ ...found, proposal: null })),
    move: vi.fn(async () => (proposes ? found : done)),
    ...over,
  };
  const hub = new Hub(
    Object.assign(client, { dossiers: acts, letters: { ...client.letters, ...letters } }),
  );
  stop = hub.follow();
  drawn(DossierPage, hub, { id: found.id });
  await screen.findByText(t("dossier.timeline"));
  return { acts, found, me, read: acts.read as Mock<() => Promise<Dossier>> };
}

const button = (name: string) => screen.findByRole<HTMLButtonElement>("button", { name });
async function dialogOf(name: string): Promise<HTMLElement> {
  (await button(name)).click();
  return screen.findByRole("dialog");
}
const top = () => screen.getByRole("heading", { level: 1 });
const submit = (dialog: HTMLElement) =>
  fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);

describe("a step that waits", () => {
  it("is shown with what it says, who signed it, until when, and who can confirm it", async () => {
    await page({ found: { hands: [{ person: "p-ev", name: "Eva Villalobos" }] } });
    const part = (await screen.findByText(t("second.title"))).closest("section") as HTMLElement;
    for (const told of [/Leonel Ortega/, HASH, "1. bank_records", /Eva Villalobos/]) {
      expect(within(part).getAllByText(told).length).toBeGreaterThan(0);
    }
    expect(within(part).getByText(/17/)).toBeTruthy();
  });

  it("is confirmed by a signature, about what stood there", async () => {
    const { acts, found } = await page();
    const dialog = await dialogOf(t("second.confirm"));
    within(dialog).getByText(t("second.ask"));
    await submit(dialog);
    await vi.waitFor(() => expect(acts.confirm).toHaveBeenCalledWith(found));
    await vi.waitFor(() => expect(screen.queryByText(t("second.title"))).toBeNull());
    expect(acts.wanted).toHaveBeenCalledTimes(1); // what waits now is another
  });

  it("compares a file with what it hands over, and says which is not among it", async () => {
    const hashes = async ([file]: readonly Blob[]) => [
      (file as File).name === "acta" ? HASH : "ab",
    ];
    await page({ over: { hashes } });
    const dialog = await dialogOf(t("second.confirm"));
    const input = within(dialog).getByLabelText<HTMLInputElement>(t("second.compare"));
    const files = [new File(["a"], "acta"), new File(["b"], "otra")];
    Object.defineProperty(input, "files", { value: files, writable: true });
    await fireEvent.change(input);
    await within(dialog).findByText(/acta/);
    expect(within(dialog).getByText(/otra/).className).toContain("stop");
    expect(within(dialog).getByText(/acta/).className).toContain("ok");
  });

  it("says of the files that were chosen last alone, and why some could not be read", async () => {
    let end: (hashes: string[]) => void = () => undefined;
    const hashes = vi
      .fn(async (_: readonly Blob[]): Promise<string[]> => [HASH])
      .mockImplementationOnce(() => new Promise((done) => (end = done)));
    await page({ over: { hashes } });
    const dialog = await dialogOf(t("second.confirm"));
    const input = within(dialog).getByLabelText<HTMLInputElement>(t("second.compare"));
    const choose = (name: string) => {
      const value = [new File(["a"], name)];
      Object.defineProperty(input, "files", { value, configurable: true, writable: true });
      return fireEvent.change(input);
    };
    await choose("acta");
    await choose("otra");
    await within(dialog).findByText(/otra/);
    end(["ab"]);
    await new Promise((done) => setTimeout(done));
    expect(within(dialog).queryByText(/acta/)).toBeNull();
    hashes.mockRejectedValueOnce(new Error("gone"));
    await choose("tercera");
    await within(dialog).findByRole("alert");
    expect(within(dialog).queryByText(/otra/)).toBeNull();
  });

  it("is declined by one of a few reasons", async () => {
    const { acts, found } = await page();
    const dialog = await dialogOf(t("second.decline"));
    const reason = within(dialog).getByLabelText<HTMLSelectElement>(t("second.reason"));
    expect([reason.required, reason.options.length]).toEqual([true, 5]);
    await fireEvent.change(reason, { target: { value: "not-this-evidence" } });
    await submit(dialog);
    await vi.waitFor(() => expect(acts.decline).toHaveBeenCalledWith(found, "not-this-evidence"));
  });

  it("shows why it was refused, over what is there now", async () => {
    const behind = Object.assign(new Error("behind"), { code: "second-changed" });
    const { acts } = await page({ over: { confirm: vi.fn(() => Promise.reject(behind)) } });
    const dialog = await dialogOf(t("second.confirm"));
    await submit(dialog);
    expect((await within(dialog).findByRole("alert")).textContent).toContain("second-changed");
    await vi.waitFor(() => expect(acts.read).toHaveBeenCalledTimes(2));
  });

  it("is not confirmed where this browser does not verify the first hand", async () => {
    await page({ verdict: "key" });
    await screen.findByText(t("second.doubted"));
    expect(screen.queryByRole("button", { name: t("second.confirm") })).toBeNull();
    await button(t("second.decline"));
  });

  it("is taken back by whoever proposed it, who confirms nothing", async () => {
    const { me } = await page({ proposal: null });
    cleanup();
    stop();
    const { acts } = await page({
      proposal: { person: me },
      found: { hands: [{ person: "p-ev", name: "Eva" }] },
    });
    await screen.findByText(t("second.own"));
    expect(screen.queryByRole("button", { name: t("second.confirm") })).toBeNull();
    const press = await button(t("second.takeBack"));
    press.focus();
    press.click();
    await screen.findByRole("button", { name: t("sure.again", { act: t("second.takeBack") }) });
    expect(acts.decline).not.toHaveBeenCalled();
    press.click();
    await vi.waitFor(() => expect(acts.decline).toHaveBeenCalledTimes(1));
    await vi.waitFor(() => expect(document.activeElement).toBe(top()));
  });

  it("that could not be taken back leaves the reader beside why", async () => {
    const { me } = await page({ proposal: null });
    cleanup();
    stop();
    const decline = vi.fn(() => Promise.reject(new Error("none")));
    await page({ proposal: { person: me }, over: { decline } });
    const press = await button(t("second.takeBack"));
    press.focus();
    press.click();
    press.click();
    await vi.waitFor(() => expect(document.activeElement?.id).toBe("second"));
  });

  it("says so where nobody else of the State could", async () => {
    await page({ found: { hands: [] } });
    await screen.findByText(t("second.nobody"));
  });

  it("is looked at again when somebody asks for that", async () => {
    const { acts } = await page();
    const press = await button(t("second.look"));
    press.focus();
    press.click();
    await vi.waitFor(() => expect(acts.read).toHaveBeenCalledTimes(2));
    expect(document.activeElement).toBe(press);
  });

  it("leaves the reader at a place that is there, where a look finds it done", async () => {
    const { read, found } = await page();
    read.mockResolvedValue({ ...found, proposal: null });
    const press = await button(t("second.look"));
    press.focus();
    press.click();
    await vi.waitFor(() => expect(document.activeElement).toBe(top()));
  });
});

describe("a step that waits no more", () => {
  const reason = t("second.reason.not-done");
  it.each([
    ["declined", { outcome: "declined", reason: "not-done", decider: "Eva" }, reason],
    ["taken back", { outcome: "declined", reason: "taken-back", decider: "Eva" }, "Eva"],
    ["lapsed", { lapses_at: "2026-11-15T12:00:00Z" }, t("second.lapsed")],
    ["void", { stopped: true }, t("second.noLonger")],
  ])("says how that came: %s", async (_, proposal, told) => {
    await page({ proposal });
    const part = (await screen.findByText(t("second.titleOver"))).closest("section") as HTMLElement;
    expect(part.textContent).toContain(told);
    expect(within(part).queryByRole("button")).toBeNull();
  });
});

describe("the dialog of a step that takes two", () => {
  const next = { ...EXECUTE, who: ["central-authority"] };
  const two = { may: ["execute"], next: [next] };

  it("says so, with who can confirm it and for how long, and what its button does", async () => {
    const takesTwo = () => true;
    await page({ proposal: null, found: two, proposes: true, over: { takesTwo } });
    const dialog = await dialogOf(t("move.act.execute"));
    within(dialog).getByText(t("second.takesTwo", { count: 2 }));
    within(dialog).getByRole("button", { name: t("second.propose") });
    const say = vi.spyOn(notices, "say");
    await submit(dialog);
    const said = t("second.said", { act: t("move.act.execute") });
    await vi.waitFor(() => expect(say).toHaveBeenCalledWith(said));
  });

  it("is offered by neither of the two acts while one's own proposal waits, and is once it does not", async () => {
    const more = { ...next, act: "ask-information", after: "information_requested" };
    const found = { may: ["execute", "ask-information"], next: [next, more] };
    const { me } = await page({ proposal: null });
    cleanup();
    stop();
    await page({ proposal: { person: me }, found });
    await button(t("move.act.ask-information"));
    expect(screen.queryByRole("button", { name: t("move.act.execute") })).toBeNull();
    cleanup();
    stop();
    await page({ proposal: { person: me, outcome: "declined", reason: "not-done" }, found });
    await button(t("move.act.execute"));
  });

  it("says nothing of it where one does it", async () => {
    await page({ proposal: null, found: two, over: { takesTwo: () => false } });
    const dialog = await dialogOf(t("move.act.execute"));
    within(dialog).getByRole("button", { name: t("move.sign") });
    expect(within(dialog).queryByText(t("second.takesTwo", { count: 2 }))).toBeNull();
  });
});

describe("what was written beside a step that is not done", () => {
  const said = { text: "Faltan los de 2025.", handling: null, number: 2, leaves: HASH };
  const written = async (may: readonly string[]) => {
    const giveUp = vi.fn(async () => undefined);
    const stranded = vi
      .fn(async (): Promise<readonly StrandedLetter[]> => [])
      .mockResolvedValueOnce([{ form: "execute", said }]);
    await page({ proposal: null, letters: { stranded, giveUp }, found: { may: [...may] } });
    await screen.findByText(said.text);
    return giveUp;
  };

  it.each([
    ["is where its step is taken anew", ["execute"], "stranded.offered"],
    ["is to be copied where that cannot be taken any more", [], "stranded.over"],
  ] as const)("%s", async (_, may, words) => {
    await written(may);
    screen.getByText(t(words, { act: t("move.act.execute") }));
  });

  it("is discarded at the second press, and the reader goes on at a place that is there", async () => {
    const giveUp = await written([]);
    const part = within(screen.getByRole("region", { name: t("stranded.title") }));
    part.getByRole("button", { name: t("letters.discard") }).click();
    expect(giveUp).not.toHaveBeenCalled();
    const press = await part.findByRole("button", { name: t("unsent.sure") });
    press.focus();
    press.click();
    await vi.waitFor(() => expect(giveUp).toHaveBeenCalledWith("d2", "execute"));
    await vi.waitFor(() => expect(screen.queryByText(t("stranded.title"))).toBeNull());
    await vi.waitFor(() => expect(document.activeElement).toBe(top()));
  });

  it("is as the last look found it, whichever is answered last", async () => {
    let end: (now: StrandedLetter[]) => void = () => undefined;
    const stranded = vi
      .fn(async (): Promise<readonly StrandedLetter[]> => [{ form: "execute", said }])
      .mockImplementationOnce(() => new Promise((done) => (end = done)));
    const { read, found } = await page({ letters: { stranded } });
    read.mockResolvedValue({ ...found });
    (await button(t("second.look"))).click();
    await screen.findByText(said.text);
    end([]);
    await new Promise((done) => setTimeout(done));
    screen.getByText(said.text);
  });
});

describe("a file of a letter, which one hand sends", () => {
  const [none, five] = [t("letters.noEvidence"), t("letters.evidence", { steps: "5" })];

  it.each([
    ["order", [none, none]],
    ["ok", [five, none]],
    [null, [undefined, undefined]],
  ] as const)(
    "says whether a step that was found %s names it as evidence",
    async (verdict, said) => {
      const moves = ["ok", "ok", "ok", "ok", verdict ?? "ok"] as const;
      const check = async () =>
        verdict ? { moves, stands: true, proposal: null } : new Promise<never>(() => undefined);
      await page({ proposal: null, over: { check } });
      const files = await screen.findByRole("list", { name: t("letters.files") });
      await vi.waitFor(() => {
        const told = within(files).getAllByRole("listitem");
        const found = told.map(({ textContent }) =>
          [none, five].find((one) => textContent?.includes(one)),
        );
        expect(found).toEqual(said);
      });
    },
  );
});

describe("what happened", () => {
  it("names both who did a step, and says of an old one that one did", async () => {
    const { found } = await page({ proposal: null });
    const [step] = found.moves.slice(-1);
    await screen.findByText(new RegExp(step?.second?.name ?? "nobody"));
    cleanup();
    stop();
    const old = found.moves.map((move) => ({ ...move, form: 1, second: null }));
    await page({ proposal: null, found: { moves: old } });
    expect(await screen.findAllByText(t("dossier.fromBefore"))).toHaveLength(1);
  });
});
