// @vitest-environment happy-dom
/** Letters on the page of a request: beside their step, with what was found of each, and one's own. */

import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import { Unreachable } from "../../api/errors";
import type { CaseHubClient, Dossier, LetterForm, Letters, UploadView } from "../client";
import { Hub } from "../hub.svelte";
import { notices } from "../notices.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";
import { LettersRecord } from "./letters.svelte";

vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

async function page(
  over: Partial<CaseHubClient["letters"]> = {},
  id = "d2",
  acts: Partial<CaseHubClient["dossiers"]> = {},
) {
  const client = fixtureClient("central");
  const letters = { ...client.letters, ...over };
  const dossiers = { ...client.dossiers, ...acts };
  const hub = new Hub(Object.assign(client, { letters, dossiers }));
  stop = hub.follow();
  drawn(DossierPage, hub, { id });
  await screen.findByRole("heading", { name: t("dossier.timeline") });
  return letters;
}
const region = () => screen.findByRole("region", { name: t("letters.title") });

describe("letters", () => {
  it("stand beside the step that they go with, the others by themselves", async () => {
    await page();
    const beside = await screen.findByText(/Se remiten los estados/);
    const answered = t("move.measuresTold", { count: 1, places: "1" });
    expect(beside.closest("li")?.textContent).toContain(answered);
    const loose = await region();
    expect(within(loose).queryByText(/Se remiten/)).toBeNull();
    expect(within(loose).getByText(/segunda diligencia/)).toBeTruthy();
  });

  it("show their files, who opened each, and let nobody fetch what the server has otherwise", async () => {
    await page();
    const files = await screen.findByRole("list", { name: t("letters.files") });
    const [there, gone] = within(files).getAllByRole("listitem");
    expect(there?.textContent).toMatch(/Opened, according to the server, by .*Julia Barahona/);
    expect(gone?.textContent).toContain(t("letters.fileGone"));
    const buttons = within(files).getAllByRole("button", { name: /^Download/ });
    expect(buttons.map((one) => (one as HTMLButtonElement).disabled)).toEqual([false, true]);
  });

  it("take their files along: a letter without words leaves with one, and waits while one does", async () => {
    let tell: (uploads: readonly UploadView[]) => void = () => undefined;
    const upload: UploadView = {
      ...{ id: "u1", name: "acta.pdf", size: 9, stripped: false, done: 4, total: 9 },
      ...{ sha256: null, phase: "sending" },
    };
    const uploads = {
      ...fixtureClient("central").letters.uploads,
      onUploads: (place: string, listener: typeof tell) => {
        if (place === "d2.free") tell = listener;
        return () => undefined;
      },
    };
    await page({ uploads });
    const button = within(await region()).getByRole("button", { name: t("letters.send") });
    expect((button as HTMLButtonElement).disabled).toBe(true);
    tell([upload]);
    expect(await screen.findByText(t("files.notAll"))).toBeTruthy();
    expect((button as HTMLButtonElement).disabled).toBe(true);
    tell([{ ...upload, phase: "ready" }]);
    await waitFor(() => expect((button as HTMLButtonElement).disabled).toBe(false));
  });

  it("take their terms along wherever they are copied to, and whose words they are", async () => {
    await page();
    const words = await screen.findByText(/Se remiten los estados/);
    const setData = vi.fn();
    const selected = {
      isCollapsed: false,
      containsNode: (node: Node) => node.contains(words),
      toString: () => "Se remiten",
    };
    const selection = vi.spyOn(document, "getSelection");
    selection.mockReturnValue(selected as unknown as Selection);
    const copying = new Event("copy", { bubbles: true, cancelable: true });
    words.dispatchEvent(Object.assign(copying, { clipboardData: { setData } }));
    selection.mockRestore();
    expect(setData.mock.lastCall?.[1]).toMatch(/^Se remiten\n.*Leonel Ortega/);
  });

  it("say what this browser found of each, and what it cannot read", async () => {
    await page();
    const forged = (await screen.findByText("Conteste a otra dirección.")).closest("article");
    expect(forged?.textContent).toContain(t("dossier.badKey"));
    expect(screen.getByText(t("letters.sealed"))).toBeTruthy();
  });

  it("say who reads them, and for whom nothing is sealed: nobody is both", async () => {
    await page();
    const shown = await region();
    const readers = within(shown).getByText(/^Read by/).textContent;
    expect(readers).toContain("Julia Barahona");
    expect(readers).not.toContain("Ximena Paz");
    expect(shown.textContent).toMatch(/Nothing is encrypted for .*Ximena Paz/);
  });

  it("that wait are shown as such; what was refused says why and can be given up", async () => {
    const letters = await page();
    const discard = vi.spyOn(letters, "discard");
    const shown = await region();
    expect(within(shown).getByText(t("letters.waiting")).closest("[role=status]")).toBeTruthy();
    expect(within(shown).getByText(/step is not on record for both States. Open the/)).toBeTruthy();
    within(shown)
      .getByRole("button", { name: t("letters.discard") })
      .click();
    const sure = await within(shown).findByRole("button", { name: t("unsent.sure") });
    expect(discard).not.toHaveBeenCalled();
    sure.click();
    await vi.waitFor(() => expect(within(shown).queryByText(t("letters.refused"))).toBeNull());
    const heading = within(shown).getByRole("heading", { name: t("letters.title") });
    await vi.waitFor(() => expect(document.activeElement).toBe(heading));
  });

  it("are said to be sent once the host lists them, and not before", async () => {
    const told = await fixtureClient("central").letters.read({} as Dossier);
    const [one] = told.letters as [(typeof told.letters)[number]];
    let listed = [...told.letters];
    const letters = { write: async () => "w9", kept: async () => null };
    await page({ ...letters, read: async () => ({ ...told, letters: listed, waiting: [] }) });
    const field = () => screen.getByLabelText(t("letters.new")) as HTMLTextAreaElement;
    const send = () => screen.getByRole("button", { name: t("letters.send") });
    notices.clear();
    for (const said of ["", t("letters.sent")]) {
      await fireEvent.input(await vi.waitFor(field), { target: { value: "Palabras" } });
      send().click();
      await vi.waitFor(() => expect(field().value).toBe(""));
      await vi.waitFor(() => expect(document.activeElement).toBe(field()));
      expect(notices.said).toBe(said);
      listed = [...listed, { ...one, id: "w9" }];
    }
  });

  it("do not change under the hand that sends them", async () => {
    let done: (id: string) => void = () => undefined;
    const write = () => new Promise<string>((end) => (done = end));
    await page({ write, kept: async () => null });
    const field = within(await region()).getByLabelText(t("letters.new")) as HTMLTextAreaElement;
    await fireEvent.input(field, { target: { value: "Palabras" } });
    expect(field.readOnly).toBe(false);
    screen.getByRole("button", { name: t("letters.send") }).click();
    await vi.waitFor(() => expect(field.readOnly).toBe(true));
    expect(field.closest(".field")?.querySelector("[inert] details")).toBeTruthy();
    done("w");
  });

  it("say so when they came long after they were signed", async () => {
    const told = await fixtureClient("central").letters.read({} as Dossier);
    const [, loose] = told.letters as [unknown, (typeof told.letters)[number]];
    const came = (minutes: number, id: string) => {
      const at = new Date(Date.parse(loose.at) + minutes * 60_000).toISOString();
      return { ...loose, id, at };
    };
    await page({ read: async () => ({ ...told, letters: [came(15, "a"), came(16, "b")] }) });
    const shown = within(await region());
    const [soon, late] = await shown.findAllByRole("article");
    expect(soon?.textContent).not.toMatch(/received/);
    expect(late?.textContent).toMatch(/received .*16:36/);
  });

  it.each([
    ["untrue", "letters.heldUntrue"],
    ["pair", "letters.heldPair"],
  ] as const)("of a record that is %s do not leave, and the page says why", async (held, why) => {
    const told = await fixtureClient("central").letters.read({} as Dossier);
    await page({ read: async () => ({ ...told, held }) });
    const shown = await region();
    expect((await within(shown).findByRole("alert")).textContent).toBe(t(why));
    expect(within(shown).queryByText(t("letters.waiting"))).toBeNull();
    expect(within(shown).getByText(t("letters.kept"))).toBeTruthy();
  });

  it("are nobody's on a page whose reader is told of none", async () => {
    const read = vi.fn();
    await page({ read }, "d3");
    expect(screen.queryByRole("region", { name: t("letters.title") })).toBeNull();
    expect(read).not.toHaveBeenCalled();
  });

  it("keep what is typed when they cannot be kept, and are empty once they are", async () => {
    const write = vi.fn<CaseHubClient["letters"]["write"]>(async () => null);
    write.mockRejectedValueOnce(Object.assign(new Error("no"), { code: "unknown" }));
    await page({ write, kept: async () => null });
    const field = within(await region()).getByLabelText(t("letters.new"));
    const send = screen.getByRole("button", { name: t("letters.send") }) as HTMLButtonElement;
    expect(send.disabled).toBe(true);
    await fireEvent.input(field, { target: { value: " Palabras \n" } });
    send.click();
    expect(await within(await region()).findByRole("alert")).toBeTruthy();
    // As it was typed; what leaves has no blanks around it.
    expect((field as HTMLTextAreaElement).value).toBe(" Palabras \n");
    send.click();
    const fresh = () => screen.getByLabelText(t("letters.new")) as HTMLTextAreaElement;
    await vi.waitFor(() => expect(fresh().value).toBe(""));
    expect(write.mock.lastCall?.slice(1)).toEqual([
      "free",
      { text: "Palabras", handling: null, number: 0 },
    ]);
  });
});

describe("a look", () => {
  it("is one with what asks meanwhile, and over once that was looked at too", async () => {
    const ends: (() => void)[] = [];
    const told = await fixtureClient("central").letters.read({} as Dossier);
    const read = vi.fn((_: Dossier) => new Promise<Letters>((end) => ends.push(() => end(told))));
    const record = new LettersRecord({ read, earlier: async () => told });
    const [first, second] = [{ id: "1" } as Dossier, { id: "2" } as Dossier];
    let over = 0;
    const asked = [record.read(first), record.read(first), record.read(second)];
    for (const one of asked) void one.then(() => (over += 1));
    ends.shift()?.();
    await vi.waitFor(() =>
      expect(read.mock.calls.map(([found]) => found)).toEqual([first, second]),
    );
    expect(over).toBe(0);
    ends.shift()?.();
    await Promise.all(asked);
    void record.read(first);
    expect(read).toHaveBeenCalledTimes(3);
  });
});

describe("what was written before", () => {
  const found = { id: "d2" } as Dossier;

  /** The newest of four letters, then one more at each question; `during` runs while it is asked. */
  async function looked(during: (record: LettersRecord, asked: number) => void) {
    const whole = await fixtureClient("central").letters.read(found);
    let from = whole.letters.length;
    const told = (): Letters => {
      from -= 1;
      return { ...whole, letters: whole.letters.slice(from), isWhole: from === 0 };
    };
    const order: string[] = [];
    const record: LettersRecord = new LettersRecord({
      read: async () => {
        order.push("newest");
        return record.told ?? told();
      },
      earlier: async () => {
        order.push(`before ${record.told?.letters.length}`);
        during(record, order.length);
        return told();
      },
    });
    await record.read(found);
    return { record, order };
  }

  it("ends where the store that held them is no longer there", async () => {
    const whole = await fixtureClient("central").letters.read(found);
    const earlier = vi
      .fn<() => Promise<Letters | null>>()
      .mockResolvedValueOnce(null)
      .mockRejectedValue(new Error("asked again"));
    const record = new LettersRecord({
      read: async () => ({ ...whole, isWhole: false }),
      earlier,
    });
    await record.read(found);
    expect(earlier).toHaveBeenCalledTimes(1);
    expect(record.failure).toBeNull();
  });

  it("comes a page at a time once the newest stand there", async () => {
    const { record, order } = await looked(() => undefined);
    expect(order).toEqual(["newest", "before 1", "before 2", "before 3"]);
    expect(record.told?.letters).toHaveLength(4);
  });

  it("waits while the newest are asked for anew", async () => {
    const { order } = await looked((record, asked) => {
      if (asked === 2) void record.read(found);
    });
    expect(order).toEqual(["newest", "before 1", "newest", "before 2", "before 3"]);
  });

  it("is asked for no more once nobody looks", async () => {
    const { record, order } = await looked((one) => one.close());
    expect(order).toEqual(["newest", "before 1"]);
    expect(record.told?.letters).toHaveLength(2);
  });

  it("that does not come is said, and what is there stands", async () => {
    const { record } = await looked(() => {
      throw Object.assign(new Error("away"), { code: "unreachable" });
    });
    expect(record.told?.letters).toHaveLength(1);
    expect(record.failure).not.toBeNull();
  });
});

describe("the words of a step", () => {
  const STEP = "cd".repeat(32);

  it("are on the disk before it is sent, and leave after it, as that step's", async () => {
    const order: string[] = [];
    const tell = (form: string, { number, text, leaves }: LetterForm) =>
      `${form} ${number} ${text}${leaves ? " leaves" : ""}`;
    const client = fixtureClient("central");
    const letters: CaseHubClient["letters"] = {
      ...client.letters,
      kept: async () => null,
      keep: (_, form, said) => void order.push(`keep ${tell(form, said)}`),
      flush: async () => void order.push("flush"),
      write: async (_, form, said) => {
        order.push(`write ${tell(form, said)}`);
        return "w";
      },
    };
    const dossiers = {
      ...client.dossiers,
      move: async (...[found, , , , tries]: Parameters<CaseHubClient["dossiers"]["move"]>) => {
        await tries?.onSigned(STEP);
        order.push("move");
        return found;
      },
    };
    const hub = new Hub(Object.assign(client, { letters, dossiers }));
    stop = hub.follow();
    drawn(DossierPage, hub, { id: "d2" });
    (await screen.findByRole("button", { name: t("move.act.confirm") })).click();
    const dialog = await screen.findByRole("dialog");
    const [field] = within(dialog).getAllByLabelText(t("letters.beside"));
    await fireEvent.input(field as HTMLElement, { target: { value: "Va por escrito " } });
    const channel = within(dialog).getByLabelText(t("move.channel"));
    await fireEvent.change(channel, { target: { value: "paper" } });
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    await vi.waitFor(() => expect(order.at(-1)).toMatch(/^write/));
    // One of the page's own looks may find the step done before it: they leave once.
    expect(order).toEqual([
      "keep confirm 6 Va por escrito",
      "keep confirm 6 Va por escrito leaves",
      "flush",
      "move",
      "write confirm 6 Va por escrito leaves",
    ]);
  });

  it.each([
    ["is refused", Object.assign(new Error("no"), { code: "move-on" }), false],
    ["went, and its answer did not come", new Unreachable("lost"), true],
  ])(
    "stay in the dialog when the step %s, and leave by themselves only if it may be done",
    async (_, error, leaves) => {
      const move: CaseHubClient["dossiers"]["move"] = async (...[, , , , tries]) => {
        await tries?.onSigned(STEP);
        throw error;
      };
      // As they were kept when that happened before.
      let held: LetterForm = { text: "Va por", handling: null, number: 5, leaves: STEP };
      const keeping = (_request: string, _form: string, said: LetterForm) => {
        held = said;
      };
      const acts = { kept: vi.fn(async () => held), keep: keeping };
      const letters = await page(acts, "d2", { move });
      const keep = vi.spyOn(letters, "keep");
      (await screen.findByRole("button", { name: t("move.act.confirm") })).click();
      const dialog = await screen.findByRole("dialog");
      const field = within(dialog).getByLabelText(t("letters.beside")) as HTMLTextAreaElement;
      await vi.waitFor(() => expect(field.value).toBe("Va por"));
      await fireEvent.input(field, { target: { value: "Va por escrito" } });
      const typed = { text: "Va por escrito", handling: null, number: 6 };
      // Somebody goes on with them: what became of the step before is no reason for them to leave.
      expect(keep.mock.lastCall).toEqual(["d2", "confirm", typed]);
      await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
      await within(dialog).findByRole("alert");
      expect(field.value).toBe("Va por escrito");
      const last = leaves ? { ...typed, leaves: STEP } : typed;
      await vi.waitFor(() => expect(keep.mock.lastCall).toEqual(["d2", "confirm", last]));
    },
  );
});
