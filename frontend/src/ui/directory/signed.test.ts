// @vitest-environment happy-dom
/** What a card says that its person does is signed, once that was looked at: not the host's word. */

import { cleanup, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { Standing } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import { DirectoryBook } from "./book.svelte";
import PersonPage from "./PersonPage.svelte";

const LISTED = "p-lo";
let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

/** The page of somebody whom the host lists as a focal point. */
async function page(standing: Standing | null) {
  const client = fixtureClient("full");
  const standings = async () => standing && new Map([[LISTED, standing]]);
  const hub = new Hub(Object.assign(client, { directory: { ...client.directory, standings } }));
  stop = hub.follow();
  const book = new DirectoryBook(hub);
  await book.load();
  drawn(PersonPage, hub, { book, id: LISTED });
  const terms = await screen.findAllByText(t("desig.functions"));
  const said = terms.map((term) => term.nextElementSibling?.textContent?.trim());
  const listed = book.people.find(({ id }) => id === LISTED)?.functions;
  return { said, listed };
}

const KEY = { level: "key", fingerprint: "", issued: 0, until: 1, by: [] } as const;

describe("the card of somebody", () => {
  it.each([
    ["what was signed", { ...KEY, functions: ["signatory"] }, "signatory", ["signatory"]],
    ["that nothing was", { ...KEY, functions: [] }, t("desig.functionsNone"), []],
    [
      "nothing of what nobody entitled signed",
      { level: "unverified", why: "designation-unsigned", functions: [] } as const,
      ...([t("desig.functionsNone"), []] as const),
    ],
    ["what the host says, where no log is followed", null, "focal point", ["focal-point"]],
  ])("says %s", async (_, standing, words, codes) => {
    const { said, listed } = await page(standing);
    expect(said).toEqual([words]);
    expect(listed).toEqual(codes);
  });
});

it("has one heading, whatever comes to stand in it: whoever is there stays there", async () => {
  const hub = new Hub(fixtureClient("full"));
  stop = hub.follow();
  const book = new DirectoryBook(hub);
  drawn(PersonPage, hub, { book, id: LISTED });
  const heading = screen.getByRole("heading", { level: 1 });
  expect(heading.textContent).toBe(t("directory.title"));
  heading.focus();
  await book.load();
  await vi.waitFor(() => expect(heading.textContent).toMatch(/Lucía Ortega/));
  expect(document.activeElement).toBe(heading);
});
