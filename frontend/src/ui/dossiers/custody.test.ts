// @vitest-environment happy-dom
/** The chain of custody: what the signed steps say of evidence, and files that are compared with it. */

import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { Dossier, MoveVerdict } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import CustodyPage from "./CustodyPage.svelte";

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});
const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** The page of a request; `verdict` is what this browser finds of each step, where it is not the fixture's. */
async function page(id: string, hashes: readonly string[] = [], verdict?: MoveVerdict) {
  const client = fixtureClient("central");
  const left = [...hashes];
  const { check } = client.dossiers;
  const dossiers = {
    ...client.dossiers,
    hashes: vi.fn(async () => [left.shift() ?? ""]),
    check: async (found: Dossier) =>
      verdict ? { moves: found.moves.map(() => verdict), stands: true } : check(found),
  };
  const hub = new Hub(Object.assign(client, { dossiers }));
  stop = hub.follow();
  drawn(CustodyPage, hub, { id });
  await screen.findByRole("link", { name: /to Mexico|to Honduras/ });
}

function choose(names: readonly string[]): void {
  const input = screen.getByLabelText(t("custody.files"));
  const files = names.map((name) => new File(["x"], name));
  Object.defineProperty(input, "files", { value: files, configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

describe("the chain of custody", () => {
  it("says of each piece by whom, when, under what terms, and what was found of the signature", async () => {
    await page("d2");
    const row = (await screen.findByText(HASH)).closest("li");
    expect(row?.textContent).toContain("Leonel Ortega");
    expect(row?.textContent).toContain(t("move.condition.confidential"));
    await waitFor(() => expect(row?.textContent).toContain(t("dossier.badOrder")));
  });

  it("names the document by which one State recorded what the other did as that", async () => {
    await page("d3");
    const row = (await screen.findByText(HASH)).closest("li");
    expect(row?.textContent).toContain(t("custody.proof", { number: 1 }));
    expect(row?.textContent).toContain(t("dossier.recorded", { state: "El Salvador" }));
  });

  it("says of a file at hand which step it is of, or that it is none of these", async () => {
    await page("d2", [HASH, "00"], "ok");
    choose(["acta.pdf", "otra.pdf"]);
    expect(
      await screen.findByText(/the file that was handed over, unchanged \(step no.: 5\)/),
    ).toBeTruthy();
    expect(screen.getByText(/none of this evidence/).textContent).toContain("otra.pdf");
  });

  it("says of no file that it is unchanged by a step whose signature does not hold", async () => {
    await page("d2", [HASH], "signature");
    choose(["acta.pdf"]);
    expect(await screen.findByText(/that step’s signature is not verified/)).toBeTruthy();
    expect(screen.queryByText(/unchanged/)).toBeNull();
  });
});
