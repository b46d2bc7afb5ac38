// @vitest-environment happy-dom
/** Files in the dialog of a step: they go with its words, and are the evidence that it names. */

import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import { ApiError, Unreachable } from "../../api/errors";
import { b64u } from "../../bytes";
import { NotPossible } from "../../effects/problems";
import type { Dossier, LetterForm, NextMove, Tries, UploadView } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";
import { areOnTheirWay, digestsOf, doNotGoOn } from "./enclosed";

vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

const UPLOAD: UploadView = {
  ...{ id: "u1", name: "acta.pdf", size: 9, stripped: false, done: 9, total: 9, phase: "ready" },
  sha256: b64u.encode(new Uint8Array(32).fill(0xab)),
};
const HASH = "ab".repeat(32);
const STEP = "cd".repeat(32);
type Rest = [next?: NextMove, on?: string, said?: object, tries?: Tries];
const asked = () => new ApiError("second-asked", 409, "", "", {});
const EXECUTE: NextMove = {
  act: "execute",
  after: "executed",
  side: "requested",
  who: ["central-authority"],
};

it("files can go once all of them are at the server", () => {
  const phases = ["reading", "sending", "waiting", "asleep", "failed"] as const;
  expect(phases.map((phase) => areOnTheirWay([UPLOAD, { ...UPLOAD, phase }]))).not.toContain(false);
  expect([areOnTheirWay([]), areOnTheirWay([UPLOAD])]).toEqual([false, false]);
});

it("of files that go on only once somebody does something, that is said", () => {
  const phases = ["reading", "sending", "waiting", "ready", "asleep", "failed"] as const;
  const stuck = phases.filter((phase) => doNotGoOn([UPLOAD, { ...UPLOAD, phase }]));
  expect(stuck).toEqual(["asleep", "failed"]);
});

it("files are evidence by what they were before they were sealed, each once", () => {
  expect(digestsOf([UPLOAD, UPLOAD, { ...UPLOAD, sha256: null }])).toEqual([HASH]);
});

const NAMED = {
  execute: "move.act.execute",
  acknowledge: "move.act.acknowledge",
  transmit: "move.act.transmit",
  "give-information": "move.act.give-information",
} as const;

/** The dialog of a step of the fixture, at which these files are attached. */
async function dialog(
  uploads: readonly UploadView[],
  over: Partial<Dossier> = {},
  act: keyof typeof NAMED = "execute",
) {
  const client = fixtureClient("central");
  const honest = client.dossiers;
  const offers = { may: [EXECUTE.act], next: [EXECUTE], ...over };
  const read = async (id: string) => ({ ...(await honest.read(id)), ...offers });
  const move = vi.fn(async (found: Dossier, ...[, , , tries]: Rest) => {
    await tries?.onSigned(STEP);
    return found;
  });
  const holds = vi.fn(async () => false);
  const dossiers = { ...honest, read, move, holds } as unknown as typeof honest;
  const places: string[] = [];
  const write = vi.fn(async (..._said: unknown[]) => "l9");
  const ready = vi.fn(async () => undefined);
  let held: LetterForm | null = null;
  const keep = vi.fn((_request: string, _form: string, said: LetterForm) => {
    held = said;
  });
  const kept = vi.fn(async () => held);
  const letters = {
    ...client.letters,
    ...{ ready, write, keep, kept },
    uploads: {
      ...client.letters.uploads,
      onUploads: (place: string, listener: (now: readonly UploadView[]) => void) => {
        places.push(place);
        if (place === `d2.${act}`) listener(uploads);
        return () => undefined;
      },
    },
  };
  const hub = new Hub(Object.assign(client, { dossiers, letters }));
  stop = hub.follow();
  drawn(DossierPage, hub, { id: "d2" });
  (await screen.findByRole("button", { name: t(NAMED[act]) })).click();
  const shown = await screen.findByRole("dialog");
  const sign = shown.querySelector<HTMLButtonElement>("button[type=submit]") as HTMLButtonElement;
  const submit = () => fireEvent.submit(shown.querySelector("form") as HTMLFormElement);
  return { shown, sign, submit, move, write, ready, keep, kept, holds };
}

it("what is attached to a step is the evidence that it names, and leaves with its words", async () => {
  const act: NextMove = { ...EXECUTE, act: "give-information", side: "requesting" };
  const offers = { may: [act.act], next: [act] };
  const { shown, submit, move, write } = await dialog([UPLOAD], offers, "give-information");
  expect(within(shown).getByText(t("move.evidenceSent"))).toBeTruthy();
  await submit();
  await waitFor(() => expect(write).toHaveBeenCalled());
  const [, step, , said] = move.mock.calls[0] as unknown as [unknown, NextMove, string, object];
  expect([step.act, said]).toMatchObject([act.act, { evidence: [HASH] }]);
  expect(write.mock.lastCall).toMatchObject([
    { id: "d2" },
    act.act,
    { leaves: STEP, files: ["u1"] },
  ]);
});

it("what is attached to a step that takes two is named by it, and waits with its words for the second", async () => {
  const { shown, sign, submit, move, write, keep } = await dialog([UPLOAD]);
  expect(sign.textContent).toBe(t("second.propose"));
  await submit();
  await waitFor(() => expect(shown.isConnected).toBe(false));
  const [, , , said] = move.mock.calls[0] as unknown as [unknown, NextMove, string, object];
  expect(said).toMatchObject({ evidence: [HASH] });
  expect(keep.mock.lastCall).toMatchObject(["d2", "execute", { leaves: STEP, files: ["u1"] }]);
  expect(write).not.toHaveBeenCalled();
});

it("what goes with a step whose answer was lost waits with it as it was, whatever is tried next", async () => {
  const { shown, submit, move, keep, holds } = await dialog([UPLOAD]);
  const lost = async (_: Dossier, ...[, , , tries]: Rest) => {
    await tries?.onSigned(STEP);
    throw new Unreachable("lost");
  };
  move.mockImplementationOnce(lost as never);
  await submit();
  await within(shown).findByRole("alert");
  move.mockImplementationOnce((async (_: Dossier, ...[, , , tries]: Rest) => {
    await tries?.onSigned("ef".repeat(32));
    throw asked();
  }) as never);
  holds.mockResolvedValue(true);
  await submit();
  await waitFor(() => expect(shown.isConnected).toBe(false));
  expect(holds.mock.lastCall).toMatchObject([{ id: "d2" }, STEP]);
  expect(keep.mock.lastCall).toMatchObject(["d2", "execute", { leaves: STEP, files: ["u1"] }]);
});

it("nor is what another page of theirs signed beside the step that waits lost for it", async () => {
  const { shown, submit, move, keep, kept, holds } = await dialog([]);
  const before: LetterForm = { text: "antes", handling: null, number: 5, leaves: STEP };
  kept.mockResolvedValueOnce({ ...before, files: ["u7"] });
  move.mockRejectedValueOnce(asked());
  holds.mockResolvedValue(true);
  await submit();
  await waitFor(() => expect(shown.isConnected).toBe(false));
  expect(keep.mock.lastCall).toEqual(["d2", "execute", { ...before, files: ["u7"] }]);
});

/** It is signed here, and refused; `meanwhile` comes between. */
const refused =
  (error: unknown, meanwhile = () => undefined as unknown) =>
  async (_: Dossier, ...[, , , tries]: Rest) => {
    await tries?.onSigned(STEP);
    meanwhile();
    throw error;
  };

it("where somebody else's step waits, it stays with who typed it", async () => {
  const { shown, submit, move, keep } = await dialog([UPLOAD]);
  const field = within(shown).getByLabelText(t("letters.beside"));
  await fireEvent.input(field, { target: { value: "Va todo" } });
  move.mockImplementationOnce(refused(asked()) as never);
  await submit();
  expect((await within(shown).findByRole("alert")).textContent).toContain("second-asked");
  const typed = { text: "Va todo", handling: null, number: 6 };
  await waitFor(() => expect(keep.mock.lastCall).toEqual(["d2", "execute", typed]));
  expect(keep.mock.calls.at(-2)?.[2]).toEqual({ ...typed, leaves: STEP, files: ["u1"] });
});

it("what another page types while a step is refused is newer, and stays", async () => {
  const { shown, sign, submit, move, keep, kept } = await dialog([UPLOAD]);
  const newer: LetterForm = { text: "más nuevo", handling: null, number: 5 };
  const meanwhile = () => kept.mockResolvedValue(newer);
  move.mockImplementationOnce(
    refused(new ApiError("move-on", 409, "", "", {}), meanwhile) as never,
  );
  await submit();
  await within(shown).findByRole("alert");
  await waitFor(() => expect(sign.disabled).toBe(false));
  expect(keep.mock.calls.map(([, , { leaves }]) => leaves)).toEqual([STEP]);
});

it("what another page signed leaves with its step also after this one's was refused", async () => {
  const { shown, submit, move, keep, kept } = await dialog([UPLOAD]);
  const before: LetterForm = { text: "antes", handling: null, number: 5, leaves: "ef".repeat(32) };
  kept.mockResolvedValueOnce(before);
  move.mockImplementationOnce(refused(new ApiError("move-on", 409, "", "", {})) as never);
  await submit();
  await within(shown).findByRole("alert");
  await waitFor(() => expect(keep.mock.lastCall).toEqual(["d2", "execute", before]));
});

it("no step is signed of which the server has destroyed a file meanwhile", async () => {
  const { shown, submit, move, ready } = await dialog([UPLOAD]);
  ready.mockRejectedValueOnce(new NotPossible("attachment-swept"));
  await submit();
  expect((await within(shown).findByRole("alert")).textContent).toContain(t("error.fileSwept"));
  expect(move).not.toHaveBeenCalled();
});

it("no step is signed while one of its files is on its way", async () => {
  const { sign, submit, move } = await dialog([UPLOAD, { ...UPLOAD, id: "u2", phase: "sending" }]);
  expect(sign.disabled).toBe(true);
  await submit();
  expect(move).not.toHaveBeenCalled();
});

it("the reference of what is acknowledged, and whom to reach, leave with the step", async () => {
  const act: NextMove = { ...EXECUTE, act: "acknowledge", after: "acknowledged" };
  const { shown, submit, write } = await dialog([], { may: [act.act], next: [act] }, "acknowledge");
  const said = { reference: "DGCI-117", contact: "Oficina 3, 555-0101" };
  const [reference, contact] = [t("letters.reference"), t("letters.contact")].map((label) =>
    within(shown).getByLabelText(label),
  );
  await fireEvent.input(reference as Element, { target: { value: said.reference } });
  await fireEvent.input(contact as Element, { target: { value: said.contact } });
  await submit();
  await waitFor(() => expect(write.mock.lastCall).toMatchObject([{}, "acknowledge", said]));
});

it("before a request was sent no file goes with a step: nobody abroad could open it", async () => {
  const act: NextMove = { ...EXECUTE, act: "transmit", after: "transmitted", side: "requesting" };
  const before = { letters: false, may: [act.act], next: [act] };
  const { shown } = await dialog([], before, "transmit");
  expect(within(shown).getByLabelText(t("letters.beside"))).toBeTruthy();
  expect(within(shown).queryByRole("button", { name: t("files.attach") })).toBeNull();
});
