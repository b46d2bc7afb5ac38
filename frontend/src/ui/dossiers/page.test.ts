// @vitest-environment happy-dom
/** The page of a request that is on its way, whatever a host answers, and the dialog over it. */

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { Book } from "../../rules/book";
import { loadBook } from "../../rules/load";
import type { CaseHubClient, Dossier, MoveVerdict, NextMove } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import { shortId } from "./asks";
import DossierPage from "./DossierPage.svelte";

// Without the rulebook measures have their codes for names; to read it takes seconds.
vi.mock("../../rules/load", () => ({ loadBook: vi.fn(() => Promise.reject(new Error("none"))) }));

type Acts = CaseHubClient["dossiers"];
const ID = "d3";
let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

/** The page of the fixture's request that one State records for the other; `over` is what differs. */
async function page(
  over: Partial<Acts> = {},
  kind: Parameters<typeof fixtureClient>[0] = "central",
  id = ID,
) {
  const client = fixtureClient(kind);
  const found = await client.dossiers.read(id);
  const listeners = new Set<(request: string) => void>();
  const read = vi.fn(async () => found);
  const acts = {
    ...client.dossiers,
    read,
    move: vi.fn(client.dossiers.move),
    onMoved: (listener: (request: string) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ...over,
  };
  const hub = new Hub(Object.assign(client, { dossiers: acts }));
  stop = hub.follow();
  drawn(DossierPage, hub, { id });
  const ring = () => {
    for (const listener of listeners) listener(ID);
  };
  return { client, found, acts, read, ring };
}

async function opened(name: string): Promise<HTMLElement> {
  (await screen.findByRole("button", { name })).click();
  return screen.findByRole("dialog");
}

const REFUSE: NextMove = {
  act: "refuse",
  after: "refused",
  side: "requested",
  who: ["central-authority"],
};
const CLOSE: NextMove = {
  act: "close",
  after: "closed",
  side: "requesting",
  who: ["liaison", "coordinator"],
};
const RETURN: NextMove = { ...REFUSE, act: "return", after: "returned" };
const all = async (found: Dossier, verdict: MoveVerdict) => ({
  moves: found.moves.map(() => verdict),
  stands: true,
  proposal: null,
});

/** What a host answers that was to answer `found`. */
const answers = (change: (found: Dossier) => Dossier) => {
  const honest = fixtureClient("central").dossiers;
  return { read: async (id: string) => change(await honest.read(id)) };
};

const AT = "2026-11-13T14:00:00Z";
const CONTACT = { state: "MX", asked_at: AT, due: AT, outcome: "toString", ended_at: null };

describe("the page of a request", () => {
  it("keeps what stands there while it cannot be read anew, and offers to try again", async () => {
    const { found, read, ring } = await page();
    await screen.findByText(t("dossier.timeline"));
    read.mockRejectedValueOnce(Object.assign(new Error("gone"), { code: "unreachable" }));
    ring();
    const failure = await screen.findByRole("alert");
    screen.getByText(t("dossier.timeline"));
    read.mockResolvedValueOnce({ ...found, stage: "in_execution" });
    screen.getByRole("button", { name: t("lazy.again") }).click();
    await vi.waitFor(() => expect(failure.isConnected).toBe(false));
    await screen.findByText(new RegExp(t("stage.inExecution")));
    expect(document.activeElement?.tagName).toBe("H1");
  });

  it("offers to try again where nothing could be read yet", async () => {
    const read = vi.fn(() => Promise.reject(Object.assign(new Error("gone"), { code: "other" })));
    await page({ read });
    (await screen.findByRole("button", { name: t("lazy.again") })).click();
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
  });

  it("raises the alarm where a host gives two steps one number", async () => {
    await page({
      ...answers((found) => ({ ...found, moves: [...found.moves, ...found.moves] })),
      check: (found) => all(found, "order"),
    });
    expect(await screen.findAllByText(t("dossier.badOrder"))).toHaveLength(6);
  });

  it("stands where a host offers one step twice, and names one hash twice", async () => {
    await page(
      answers((found) => ({
        ...found,
        next: [REFUSE, REFUSE],
        contacts: [CONTACT, CONTACT],
        moves: found.moves.map((move) => ({
          ...move,
          said: { ...move.said, evidence: ["ab", "ab"], agreed: true, consulted: true },
        })),
      })),
    );
    expect(await screen.findAllByRole("button", { name: t("move.act.refuse") })).toHaveLength(2);
  });

  it("stands where a host names one State as both of an urgent request", async () => {
    await page(
      answers((found) => ({
        ...found,
        requesting_state: "BZ",
        requested_state: "BZ",
        disclosed: { ...found.disclosed, urgency: "urgent" },
      })),
    );
    expect(await screen.findAllByRole("link", { name: /Marie Belisle/ })).toHaveLength(2);
  });

  it("names nobody to call where an urgent request waits for its closing alone", async () => {
    const urgent = (found: Dossier, next: NextMove): Dossier => ({
      ...found,
      disclosed: { ...found.disclosed, urgency: "urgent" },
      next: [next],
    });
    await page(answers((found) => urgent(found, REFUSE)));
    await screen.findByRole("heading", { name: new RegExp(t("urgent.title")) });
    cleanup();
    await page(answers((found) => urgent(found, CLOSE)));
    await screen.findByText(t("dossier.timeline"));
    expect(screen.queryByRole("heading", { name: new RegExp(t("urgent.title")) })).toBeNull();
    cleanup();
    await page(answers((found) => ({ ...urgent(found, CLOSE), stage: "returned" })));
    await screen.findByRole("heading", { name: new RegExp(t("urgent.title")) });
  });

  it("keeps a name that runs the other way apart from the sentence around it", async () => {
    await page(
      answers((found) => ({
        ...found,
        moves: found.moves.map((move) => ({ ...move, name: "שרה \u202eלוי" })),
      })),
    );
    expect((await screen.findAllByText(/\u2068שרה לוי\u2069/u)).length).toBeGreaterThan(0);
  });

  it("calls what a closing says an outcome, a return a defect and a withdrawal a ground", async () => {
    const steps = [
      { act: "close", code: "useful" },
      { act: "return", code: "D08" },
      { act: "withdraw", code: "no-longer-needed" },
    ];
    await page(
      answers((found) => ({
        ...found,
        moves: found.moves.map((move, place) => ({
          ...move,
          act: steps[place]?.act ?? "",
          said: { ...move.said, codes: [steps[place]?.code ?? ""] },
        })),
      })),
    );
    await screen.findByText(`${t("move.outcome")}: ${t("move.code.useful")}`);
    screen.getByText(`${t("move.defects")}: D08 · ${t("ground.D08")}`);
    screen.getAllByText(`${t("move.code")}: ${t("move.code.no-longer-needed")}`);
  });

  it("tells at once why a request stands where it does, of a step that was verified", async () => {
    const postponed = (found: Dossier): Dossier => ({
      ...found,
      moves: found.moves.map((move, place) => ({
        ...move,
        ...(place === 2 && { act: "postpone", after: "postponed" }),
        said: place === 2 ? { ...move.said, codes: ["P01"], due: "2026-12-01" } : move.said,
      })),
    });
    const expired = (found: Dossier): Dossier => ({
      ...found,
      moves: found.moves.map((move, place) => ({
        ...move,
        ...(place === 2 && { act: "expire", after: "expired", side: "requesting" as const }),
      })),
    });
    const review = `${t("move.due.review")}: Dec 1, 2026`;
    await page({ ...answers(postponed), check: (found) => all(found, "former") });
    await vi.waitFor(() => expect(screen.getAllByText(review)).toHaveLength(2));
    const where = screen.getByRole("region", { name: t("dossier.where") });
    within(where).getByText(new RegExp(t("ground.P01")));
    cleanup();
    await page({ ...answers(expired), check: (found) => all(found, "ok") });
    await vi.waitFor(() => expect(screen.getAllByText(/expired\.$/u)).toHaveLength(2));
    cleanup();
    await page({ ...answers(postponed), check: (found) => all(found, "signature") });
    await screen.findAllByText(t("dossier.badSignature"));
    expect(screen.getAllByText(review)).toHaveLength(1);
  });

  it("says of what one State recorded that the other one did it", async () => {
    await page();
    const [done] = await screen.findAllByText(
      new RegExp(`^Honduras: ${t("move.act.acknowledge")}\\. `, "u"),
    );
    expect(done?.textContent).toContain("Julia Barahona");
    screen.getByRole("heading", { name: t("dossier.yoursRecorded", { state: "Honduras" }) });
    screen.getAllByText(new RegExp(t("dossier.youRecord")));
    expect(screen.queryByRole("heading", { name: t("dossier.yoursOwn") })).toBeNull();
    const dialog = await opened(t("move.act.refuse"));
    within(dialog).getByText(t("move.standsIn", { state: "Honduras" }));
    within(dialog).getByText(t("move.proofHow", { state: "Honduras" }));
  });

  it("calls a State that was never in the directory by its name, and records for it alike", async () => {
    const { client } = await page(answers((found) => ({ ...found, requested_state: "CO" })));
    expect(client.view().states.some(({ code }) => code === "CO")).toBe(false);
    await screen.findByRole("heading", { name: /^Request from El Salvador to Colombia /u });
    screen.getByRole("heading", { name: t("dossier.yoursRecorded", { state: "Colombia" }) });
    const dialog = await opened(t("move.act.refuse"));
    within(dialog).getByText(t("move.standsIn", { state: "Colombia" }));
    within(dialog).getByLabelText(t("move.proof"));
    cleanup();
    // What is no code of a State stands as it is, whoever told it.
    await page(answers((found) => ({ ...found, requested_state: "toString" })));
    await screen.findByRole("heading", { name: /^Request from El Salvador to toString /u });
  });

  it("leads whoever drafts what came back to the draft, before it is closed", async () => {
    const back = { stage: "returned", may: ["close"], next: [CLOSE] };
    await page(
      answers((found) => ({ ...found, ...back, id: "r1" })),
      "full",
      "r1",
    );
    const link = await screen.findByRole<HTMLAnchorElement>("link", { name: t("dossier.mend") });
    expect(link.pathname).toBe("/solicitudes/r1");
    screen.getByText(t("dossier.mendHow"));
    screen.getByRole("button", { name: t("move.act.close") });
    cleanup();
    // A central authority has no draft, and no link to one.
    await page(answers((found) => ({ ...found, ...back, may: [] })));
    await screen.findByText(t("dossier.mendHow"));
    expect(screen.queryByRole("link", { name: t("dossier.mend") })).toBeNull();
  });

  it("has in its heading the number by which it is called, and not only the States", async () => {
    await page();
    await screen.findByText(t("dossier.timeline"));
    expect(screen.getByRole("heading", { level: 1 }).textContent).toContain(shortId(ID));
  });

  it("offers no expiry by its deadline before that, and says from when", async () => {
    const next = [{ ...CLOSE, act: "expire", after: "expired" }];
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-12-15T18:00:00Z") });
    try {
      const late = answers((found) => ({ ...found, may: ["expire"], next }));
      await page(late);
      await screen.findByText(new RegExp(t("dossier.afterDeadline", { day: "Dec 15, 2026" })));
      const whys = async () =>
        [
          ...within(await opened(t("move.act.expire"))).getByRole<HTMLSelectElement>("combobox")
            .options,
        ].map(({ value }) => value);
      expect(await whys()).toEqual(["", "limitation", "proceeding-ended"]);
      cleanup();
      vi.setSystemTime(new Date("2026-12-16T06:00:00Z"));
      await page(late);
      expect(await whys()).toContain("deadline");
      const dialog = screen.getByRole("dialog");
      const day = within(dialog).getByLabelText<HTMLInputElement>(t("move.restsOn"));
      await fireEvent.change(within(dialog).getByRole("combobox"), {
        target: { value: "deadline" },
      });
      expect([day.value, day.readOnly]).toEqual(["2026-12-15", true]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("listens anew once this browser has become a device", async () => {
    const onMoved = vi.fn(() => () => undefined);
    const { client } = await page({ onMoved });
    await screen.findByText(t("dossier.timeline"));
    client.become({});
    await new Promise((done) => setTimeout(done, 20));
    expect(onMoved).toHaveBeenCalledTimes(1);
    client.become({ session: { ...client.view().session, device: "d-new" } });
    await vi.waitFor(() => expect(onMoved).toHaveBeenCalledTimes(2));
  });
});

describe("the dialog of a step", () => {
  it("signs the step as it stands after somebody came first, with what was typed", async () => {
    const behind = Object.assign(new Error("behind"), { code: "move-behind" });
    const move = vi.fn().mockRejectedValueOnce(behind);
    const next = { ...RETURN, act: "resume", after: "acknowledged" };
    const { found, acts } = await page({
      move,
      ...answers((one) => ({ ...one, may: ["resume"], next: [next] })),
    });
    const dialog = await opened(t("move.act.resume"));
    const day = within(dialog).getByLabelText<HTMLInputElement>(t("move.on"));
    await fireEvent.input(day, { target: { value: "2026-11-12" } });
    const later = { ...next, after: "in_execution" };
    acts.read = vi.fn(async () => ({ ...found, number: 9, may: ["resume"], next: [later] }));
    move.mockResolvedValueOnce(found);
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    const button = within(dialog).getByRole<HTMLButtonElement>("button", { name: t("move.sign") });
    await vi.waitFor(() => expect([move.mock.calls.length, button.disabled]).toEqual([1, false]));
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    await vi.waitFor(() => expect(move).toHaveBeenCalledTimes(2));
    const [about, step, on] = move.mock.calls[1] ?? [];
    expect([about.number, step.after, on]).toEqual([9, "in_execution", "2026-11-12"]);
  });

  it.each([REFUSE, { ...REFUSE, act: "postpone", after: "postponed" }])(
    "wants it said that both consulted before one is to $act",
    async (next) => {
      await page(answers((found) => ({ ...found, may: [next.act], next: [next] })));
      const dialog = await opened(
        t(next.act === "refuse" ? "move.act.refuse" : "move.act.postpone"),
      );
      const box = within(dialog).getByLabelText<HTMLInputElement>(t("move.consulted"));
      expect([box.type, box.required, box.checked]).toEqual(["checkbox", true, false]);
    },
  );

  it("asks nothing where there is one ground alone, and names the day that it asks for", async () => {
    const next = { ...REFUSE, act: "postpone", after: "postponed" };
    await page(answers((found) => ({ ...found, may: ["postpone"], next: [next] })));
    const dialog = await opened(t("move.act.postpone"));
    within(dialog).getByText(new RegExp(t("ground.P01")));
    expect(within(dialog).queryAllByRole("combobox")).toEqual([]);
    within(dialog).getByLabelText(t("move.due.review"));
  });

  it("begins with the day that it is in the own State's capital", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-25T05:30:00Z") });
    try {
      await page(answers((found) => ({ ...found, may: ["return"], next: [RETURN] })));
      const dialog = await opened(t("move.act.return"));
      const day = within(dialog).getByLabelText<HTMLInputElement>(t("move.on"));
      expect(day.value).toBe("2026-11-24");
    } finally {
      vi.useRealTimers();
    }
  });

  it("says which list wants a tick, and signs nothing before it has one", async () => {
    const book = { rules: [{ id: "CHAN-CENTRAL" }], measures: new Map() } as unknown as Book;
    vi.mocked(loadBook).mockResolvedValueOnce(book);
    const { acts } = await page(
      answers((found) => ({ ...found, may: ["return"], next: [RETURN] })),
    );
    const dialog = await opened(t("move.act.return"));
    await fireEvent.input(within(dialog).getByLabelText(t("move.rules")), {
      target: { value: "CHAN-CENTRAL" },
    });
    const form = dialog.querySelector("form") as HTMLFormElement;
    await fireEvent.submit(form);
    const [first] = within(dialog).getAllByRole("checkbox");
    expect(document.activeElement).toBe(first);
    expect(first?.getAttribute("aria-invalid")).toBe("true");
    const how = document.getElementById(first?.getAttribute("aria-describedby") ?? "");
    expect(how?.textContent).toBe(t("move.atLeastOne"));
    expect(acts.move).not.toHaveBeenCalled();
    first?.click();
    await vi.waitFor(() => expect(first?.hasAttribute("aria-invalid")).toBe(false));
    await fireEvent.submit(form);
    await vi.waitFor(() => expect(acts.move).toHaveBeenCalledTimes(1));
  });
});
