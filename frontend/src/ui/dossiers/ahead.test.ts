// @vitest-environment happy-dom
/** A page that hears of no steps learns of one by the letter that came with it. */

import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { LetterVerdict } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";

vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

/** The fixture's page, to which a letter is told beside a step that its record does not have. */
async function page(verdict: LetterVerdict) {
  const client = fixtureClient("central");
  const honest = await client.dossiers.read("d2");
  const told = await client.letters.read(honest);
  const [first] = told.letters;
  const beside = first ? [{ ...first, id: "l9", step: 99, verdict }] : [];
  const letters = { ...client.letters, read: vi.fn(async () => ({ ...told, letters: beside })) };
  const read = vi.fn(async () => ({ ...honest }));
  const hub = new Hub(Object.assign(client, { letters, dossiers: { ...client.dossiers, read } }));
  stop = hub.follow();
  drawn(DossierPage, hub, { id: "d2" });
  await screen.findByText(t("letters.title"));
  await waitFor(() => expect(letters.read).toHaveBeenCalled());
  return { read, letters };
}

it("a signed letter beside an unknown step has the record read anew, once", async () => {
  const { read, letters } = await page("ok");
  await waitFor(() => expect(read).toHaveBeenCalledTimes(2));
  // The record that was read anew does not have it either: a host can name any number.
  await waitFor(() => expect(letters.read).toHaveBeenCalledTimes(2));
  await tick();
  expect(read).toHaveBeenCalledTimes(2);
});

it("one that nobody signed as whose it is has nothing read", async () => {
  const { read } = await page("key");
  expect((await screen.findAllByText(t("dossier.badKey"))).length).toBeGreaterThan(0);
  await tick();
  expect(read).toHaveBeenCalledTimes(1);
});
