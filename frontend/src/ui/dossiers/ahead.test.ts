// @vitest-environment happy-dom
/** A page that hears of no steps learns of one by the letter that came with it. */

import { cleanup, screen } from "@testing-library/svelte";
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
  if (first === undefined) throw new Error("no letter");
  const beside = { ...first, id: "l9", step: 99, verdict };
  let looks = 0;
  const look = vi.fn(async () => {
    looks += 1;
    return { ...told, letters: [{ ...beside, name: lookOf(looks) }] };
  });
  const letters = { ...client.letters, read: look };
  const read = vi.fn(async () => ({ ...honest }));
  const hub = new Hub(Object.assign(client, { letters, dossiers: { ...client.dossiers, read } }));
  stop = hub.follow();
  drawn(DossierPage, hub, { id: "d2" });
  await screen.findByText(t("letters.title"));
  return { read, letters };
}

/** Who wrote the letter, as the look of that number tells it. */
const lookOf = (number: number): string => `Look ${number}`;

/** The page looks once more, and shows what it was told then: whatever comes of that has begun. */
async function looksAgain(number: number): Promise<void> {
  document.dispatchEvent(new Event("visibilitychange"));
  await screen.findByText(lookOf(number));
}

it("a signed letter beside an unknown step has the record read anew, once", async () => {
  const { read, letters } = await page("ok");
  // The record that was read anew does not have it either: a host can name any number.
  await screen.findByText(lookOf(2));
  expect(read).toHaveBeenCalledTimes(2);
  await looksAgain(3);
  expect(read).toHaveBeenCalledTimes(2);
  expect(letters.read).toHaveBeenCalledTimes(3);
});

it("one that nobody signed as whose it is has nothing read", async () => {
  const { read, letters } = await page("key");
  expect((await screen.findAllByText(t("dossier.badKey"))).length).toBeGreaterThan(0);
  await looksAgain(2);
  expect(read).toHaveBeenCalledTimes(1);
  expect(letters.read).toHaveBeenCalledTimes(2);
});
