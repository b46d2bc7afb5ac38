// @vitest-environment happy-dom
/** Refusing a request, or a part of it, in its dialog: what it asks, what it says, what is left. */

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import { type Dossier, NOTHING_SAID } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";

vi.mock("../../rules/load", () => ({ loadBook: vi.fn(() => Promise.reject(new Error("none"))) }));

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

/** The page of a request of two measures that one State records for the other. */
async function page(change: (found: Dossier) => Dossier = (found) => found) {
  const client = fixtureClient("central");
  const found = change(await client.dossiers.read("d3"));
  const move = vi.fn(client.dossiers.move);
  const hub = new Hub(
    Object.assign(client, { dossiers: { ...client.dossiers, read: async () => found, move } }),
  );
  stop = hub.follow();
  drawn(DossierPage, hub, { id: "d3" });
  return { found, move };
}

async function opened(name: string): Promise<HTMLElement> {
  (await screen.findByRole("button", { name })).click();
  return screen.findByRole("dialog");
}

const codesIn = (dialog: HTMLElement): string[] =>
  [
    ...within(dialog).getByRole<HTMLSelectElement>("combobox", { name: t("move.terms") }).options,
  ].map(({ value }) => value);

describe("a refusal", () => {
  it("asks what came of the conditions that were discussed", async () => {
    await page();
    const dialog = await opened(t("move.act.refuse"));
    expect(codesIn(dialog)).toEqual(["", "none-possible", "not-accepted", "no-answer"]);
    const terms = within(dialog).getByLabelText<HTMLSelectElement>(t("move.terms"));
    expect([terms.required, terms.value]).toEqual([true, ""]);
    expect(within(dialog).queryByRole("group", { name: t("move.measures") })).toBeNull();
  });
});

describe("a refusal in part", () => {
  it("says which measures, on which grounds, and that the rest goes on as was agreed", async () => {
    const { move } = await page();
    const dialog = await opened(t("move.act.refuse-part"));
    expect(codesIn(dialog)).toContain("rest-accepted");
    const form = dialog.querySelector("form") as HTMLFormElement;
    within(dialog).getByLabelText(/^R02/).click();
    await fireEvent.submit(form);
    const measures = within(dialog).getByRole("group", { name: "Measures refused" });
    const [, second] = within(measures).getAllByRole("checkbox");
    expect(move).not.toHaveBeenCalled();
    second?.click();
    await fireEvent.change(within(dialog).getByLabelText(t("move.terms")), {
      target: { value: "rest-accepted" },
    });
    within(dialog).getByLabelText(t("move.consulted")).click();
    await fireEvent.submit(form);
    const conditions = within(dialog).getByRole("group", { name: "Conditions that were accepted" });
    const [first] = within(conditions).getAllByRole("checkbox");
    expect([document.activeElement === first, move.mock.calls.length]).toEqual([true, 0]);
    within(conditions).getByLabelText(t("move.condition.other-in-writing")).click();
    await fireEvent.submit(form);
    await vi.waitFor(() => expect(move).toHaveBeenCalledTimes(1));
    const [, step, , said] = move.mock.calls[0] ?? [];
    expect([step?.act, step?.after]).toEqual(["refuse-part", "acknowledged"]);
    expect(said).toMatchObject({
      ...{ codes: ["R02"], measures: [1], consulted: true, terms: "rest-accepted" },
      conditions: ["other-in-writing"],
    });
  });

  it("says no conditions once it is said that none were accepted", async () => {
    const { move } = await page();
    const dialog = await opened(t("move.act.refuse-part"));
    const says = (value: string) =>
      fireEvent.change(within(dialog).getByLabelText(t("move.terms")), { target: { value } });
    within(dialog).getByLabelText(/^R02/).click();
    within(dialog).getByLabelText(/^2\./).click();
    within(dialog).getByLabelText(t("move.consulted")).click();
    await says("rest-accepted");
    within(dialog).getByLabelText(t("move.condition.confidential")).click();
    await says("no-answer");
    expect(within(dialog).queryByLabelText(t("move.condition.confidential"))).toBeNull();
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    await vi.waitFor(() => expect(move).toHaveBeenCalledTimes(1));
    expect(move.mock.calls[0]?.[3]).toMatchObject({ terms: "no-answer", conditions: [] });
  });

  it("stands in the record with what was refused, and offers no more of it", async () => {
    const said = {
      ...{ ...NOTHING_SAID, codes: ["R02"], measures: [1], terms: "rest-accepted" },
      conditions: ["confidential"],
    };
    await page((found) => ({
      ...found,
      refused: [1],
      moves: found.moves.map((move, place) =>
        place < 2 ? move : { ...move, act: "refuse-part", state: "HN", side: "requested", said },
      ),
    }));
    await screen.findAllByText(new RegExp(t("move.terms.rest-accepted")));
    screen.getAllByText("It refuses measure 2 of the list.");
    screen.getAllByText("Conditions that were accepted: Confidential");
    expect(screen.queryByText(/Measures that it answers|It answers measure/)).toBeNull();
    screen.getByText(`(${t("dossier.refused")})`);
    screen.getByText(`(${t("dossier.pending")})`);
    const dialog = await opened(t("move.act.refuse-part"));
    const measures = within(dialog).getByRole("group", { name: t("move.measuresRefused") });
    expect(within(measures).getAllByRole("checkbox")).toHaveLength(1);
  });
});
