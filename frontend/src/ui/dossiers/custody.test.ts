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
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** The page of a request; `verdict` is what this browser finds of each step, where it is not the fixture's. */
async function page(
  id: string,
  hashes: readonly string[] = [],
  verdict?: MoveVerdict,
  judging: Promise<void> = Promise.resolve(),
  changed: Partial<Dossier["moves"][number]> = {},
) {
  const client = fixtureClient("central");
  const left = [...hashes];
  const { check, read } = client.dossiers;
  const dossiers = {
    ...client.dossiers,
    read: async (one: string) => {
      const found = await read(one);
      return { ...found, moves: found.moves.map((move) => ({ ...move, ...changed })) };
    },
    hashes: vi.fn(async () => [left.shift() ?? ""]),
    check: async (found: Dossier) => {
      await judging;
      return verdict ? { moves: found.moves.map(() => verdict), stands: true } : check(found);
    },
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
  it("says of what went by CaseHub with whose letter, and who opened it by the server's word", async () => {
    await page("d2");
    const row = (await screen.findByText(HASH)).closest("li");
    await waitFor(() => expect(row?.textContent).toContain(t("custody.sent")));
    expect(row?.textContent).toMatch(/With a letter from .*Leonel Ortega.* \(Mexico\)/);
    expect(row?.textContent).toMatch(/Opened, according to the server, by .*Julia Barahona/);
  });

  it("says of each piece by whom, when, under what terms, and what was found of the signature", async () => {
    await page("d2");
    const row = (await screen.findByText(HASH)).closest("li");
    expect(row?.textContent).toContain("Leonel Ortega");
    expect(row?.textContent).toContain(t("move.condition.confidential"));
    await waitFor(() => expect(row?.textContent).toContain(t("dossier.badOrder")));
  });

  it("says by whom it was confirmed, when and with which key, or that one person handed it over", async () => {
    await page("d2");
    const row = (await screen.findByText(HASH)).closest("li");
    const { second } = (await fixtureClient("central").dossiers.read("d2")).moves.at(-1) ?? {};
    if (!second) throw new Error("no second hand");
    expect(row?.textContent).toContain(t("custody.second"));
    expect(row?.textContent).toContain(second.name);
    expect(row?.textContent).toContain(second.key);
    cleanup();
    stop();
    await page("d2", [], "ok", Promise.resolve(), { form: 1, second: null });
    const old = (await screen.findByText(HASH)).closest("li");
    expect(old?.textContent).toContain(t("dossier.fromBefore"));
  });

  it("names the document by which one State recorded what the other did as that", async () => {
    await page("d3");
    const row = (await screen.findByText(HASH)).closest("li");
    expect(row?.textContent).toContain(t("custody.proof", { number: 1 }));
    expect(row?.textContent).toContain(`Honduras: ${t("move.act.acknowledge")}. `);
  });

  it("says of a file at hand which step it is of, or that it is none of these", async () => {
    await page("d2", [HASH, "00"], "ok");
    choose(["acta.pdf", "otra.pdf"]);
    expect(
      await screen.findByText(/the file that was handed over, unchanged \(step no.: 5\)/),
    ).toBeTruthy();
    expect(screen.getByText(/none of this evidence/).textContent).toContain("otra.pdf");
  });

  it("says it anew of a file that was compared before its step was judged", async () => {
    let judge: () => void = () => undefined;
    const judging = new Promise<void>((end) => (judge = end));
    await page("d2", [HASH], "ok", judging);
    choose(["acta.pdf"]);
    expect(await screen.findByText(/that step’s signature is not verified/)).toBeTruthy();
    judge();
    expect(await screen.findByText(/handed over, unchanged \(step no.: 5\)/)).toBeTruthy();
    expect(screen.queryByText(/that step’s signature is not verified/)).toBeNull();
  });

  it("says on paper by whom and at which moment it went to the printer", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-24T15:00:00Z") });
    const printed = vi.fn(() => window.dispatchEvent(new Event("beforeprint")));
    vi.stubGlobal("print", printed);
    await page("d2");
    vi.setSystemTime(new Date("2026-11-24T16:05:00Z"));
    screen.getByRole("button", { name: t("custody.print") }).click();
    expect(printed).toHaveBeenCalledOnce();
    // The paper is drawn as soon as that event is over.
    const line = screen.getByText(/^Printed by .*16:05/);
    expect(line.textContent).toContain("Marina Arévalo");
    expect(line.className).toContain("print-only");
    // By the browser's own menu too.
    vi.setSystemTime(new Date("2026-11-24T17:10:00Z"));
    window.dispatchEvent(new Event("beforeprint"));
    expect(line.textContent).toContain("17:10");
  });

  it("says of no file that it is unchanged by a step whose signature does not hold", async () => {
    await page("d2", [HASH], "signature");
    choose(["acta.pdf"]);
    expect(await screen.findByText(/that step’s signature is not verified/)).toBeTruthy();
    expect(screen.queryByText(/unchanged/)).toBeNull();
  });
});
