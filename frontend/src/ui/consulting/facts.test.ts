// @vitest-environment happy-dom
/** What whoever was asked can still do about their answer: give it up, or say its words once more. */

import { cleanup, screen } from "@testing-library/svelte";
import { afterEach, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { ConsultationView, Line, ThreadView } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import ConsultationFacts from "./ConsultationFacts.svelte";

vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));
let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

const ANSWER = "answer-1";
const TAKEN = { outcome: "favourable", answer: ANSWER, endedAt: "2026-11-21T09:00:00Z" };
/** A message of which only the id counts here. */
const message = (id: string) => ({ kind: "message", message: { id } }) as unknown as Line;

/** The facts of the fixture's consultation, which is like this, with these messages in its circle. */
const page = (over: Partial<ConsultationView>, ...ids: string[]) => pageOf({}, over, ids);

/** The same, of a circle that is like this. */
function pageOf(
  circle: Partial<ThreadView>,
  over: Partial<ConsultationView>,
  ids: string[],
  scene: "full" | "offline" = "full",
) {
  const client = fixtureClient(scene);
  const hub = new Hub(client);
  const note = client.view().notes.find((one) => one.consultation !== null);
  if (!note?.consultation) throw new Error("no consultation");
  const giveUp = vi.fn(async () => undefined);
  const setTyped = vi.fn();
  Object.assign(client, {
    consulting: { ...client.consulting, giveUp },
    onLines: (_: string, listener: (lines: Line[]) => void) => {
      listener(ids.map(message));
      return () => undefined;
    },
    typed: () => '{"outcome":"favourable"}',
    setTyped,
  });
  stop = hub.follow();
  const consultation = { ...note.consultation, ...over };
  const thread = { ...note.thread, ...circle };
  const seen = { ...note, thread, consultation };
  drawn(ConsultationFacts, hub, { note: seen, consultation, people: [] });
  const mine = client.view().session.person?.id ?? "";
  return { giveUp, setTyped, mine, note };
}

const button = (name: string) => screen.queryByRole("button", { name });
const me = fixtureClient("full").view().session.person?.id ?? "";

it("is give up an answer that waits, or answer anew", async () => {
  const { giveUp, note } = page({ waits: true });
  screen.getByText(t("consult.waits"));
  expect(button(t("consult.answer"))).not.toBeNull();
  const press = button(t("consult.giveUp"));
  press?.click();
  await screen.findByRole("button", { name: t("sure.again", { act: t("consult.giveUp") }) });
  expect(giveUp).not.toHaveBeenCalled();
  press?.click();
  await vi.waitFor(() => expect(giveUp).toHaveBeenCalledWith(note.id));
});

it("is say the rest again where that is nowhere, of the outcome that was taken", async () => {
  const { setTyped } = page({ ...TAKEN, answerer: me }, "asked");
  screen.getByText(t("consult.unsaid"));
  button(t("consult.sayAgain"))?.click();
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain(
    t("consult.outcomeStays", { outcome: t("consult.outcome.favourable") }),
  );
  expect(dialog.querySelector('input[value="unlikely"]')).toBeNull();
  expect(setTyped).not.toHaveBeenCalledWith(expect.anything(), "answer", "");
});

it("is nothing where it was said, and what was typed is kept no longer", async () => {
  const { setTyped } = page({ ...TAKEN, answerer: me }, "asked", ANSWER);
  expect(button(t("consult.sayAgain"))).toBeNull();
  await vi.waitFor(() => expect(setTyped).toHaveBeenCalledWith(expect.anything(), "answer", ""));
});

it.each([
  ["somebody else answered", { ...TAKEN, answerer: "p-rc" }, ["asked"]],
  ["nothing of the circle is here yet", { ...TAKEN, answerer: me }, []],
])("is nothing where %s", (_why, over, ids) => {
  page(over, ...ids);
  expect(button(t("consult.sayAgain"))).toBeNull();
  expect(screen.queryByText(t("consult.unsaid"))).toBeNull();
});

it.each([
  ["entries of the circle have not come here", { missing: 2 }, "full"],
  ["its directory has not come here", { behind: "2026-11-21T09:00:00Z" }, "full"],
  ["the circle stopped here", { status: "frozen" }, "full"],
  ["there is no network", {}, "offline"],
] as const)("is nothing where %s: what was said may be among that", (_why, circle, scene) => {
  pageOf(circle, { ...TAKEN, answerer: me }, ["asked"], scene);
  expect(button(t("consult.sayAgain"))).toBeNull();
  expect(screen.queryByText(t("consult.unsaid"))).toBeNull();
});
