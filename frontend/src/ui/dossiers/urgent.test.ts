// @vitest-environment happy-dom
/** Whom one calls of an urgent request: of which State, why, and who stands in for whom. */

import { cleanup, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { Card, DirectoryRead, Standing } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import UrgentPart from "./UrgentPart.svelte";

vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));
/** A Friday morning, at work in Mexico. */
const NOW = new Date("2026-11-20T16:00:00Z");
const TURN = { side: "requested", who: ["central-authority"] } as const;
let stop: () => void = () => undefined;
beforeEach(() => vi.useFakeTimers({ now: NOW, toFake: ["Date"] }));
afterEach(() => {
  cleanup();
  stop();
  vi.useRealTimers();
});

/** The part, with these people in the directory, each a change of the fixture's first. */
async function part(changes: readonly Partial<Card>[], signed: readonly [string, Standing][] = []) {
  const client = fixtureClient("central");
  const given = await client.directory.read();
  const [first] = given.people;
  const found = await client.dossiers.read("d3");
  if (first === undefined) throw new Error("nobody");
  const base: Partial<Card> = {
    state: "MX",
    roles: ["central-authority"],
    functions: [],
    duty: false,
  };
  const people = changes.map((one) => ({ ...first, ...base, status: "in-force", ...one }));
  const read: DirectoryRead = { ...given, people: people as Card[] };
  Object.assign(client, {
    directory: {
      ...client.directory,
      last: () => null,
      read: async () => read,
      standings: async () => new Map(signed),
    },
  });
  const hub = new Hub(client);
  stop = hub.follow();
  const sent = { ...found, requesting_state: "SV", requested_state: "MX" };
  drawn(UrgentPart, hub, { found: sent, turn: TURN });
  return sent;
}

const WEEK = [1, 2, 3, 4, 5];
const AT_WORK = {
  hours: { zone: "America/Mexico_City", days: WEEK, opens: "08:00", closes: "16:00" },
};
const AWAY = {
  hours: { zone: "America/Mexico_City", days: WEEK, opens: "12:00", closes: "16:00" },
};
/** Each line as its cells are read. */
const lines = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) =>
      [...row.children].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").trim()),
    );

describe("whom to call now", () => {
  it("is of both States, the one that is to act first, with why, hours and telephone", async () => {
    await part([
      { id: "a", name: "Abel Duarte", ...AWAY, telephone: "" },
      { id: "b", name: "Berta Lara", ...AT_WORK, telephone: "+999 070 0002" },
      { id: "c", name: "Celia Ruiz", roles: ["liaison"], duty: true, ...AT_WORK },
      { id: "d", name: "Dora Paz", state: "SV", hours: null, telephone: "+999 000 0002" },
      { id: "e", name: "Elena Sosa", state: "GT", duty: true },
      { id: "f", name: "Flora Cruz", roles: ["liaison"] },
    ]);
    await screen.findByText("Berta Lara");
    const found = lines();
    const [onDuty, atWork, away, other] = found;
    expect(found).toHaveLength(4);
    expect([onDuty?.[0], onDuty?.[2]]).toEqual(["Mexico", t("urgent.onDuty")]);
    expect(onDuty?.[1]).toContain("Celia Ruiz");
    expect(atWork?.[1]).toContain("Berta Lara");
    expect(atWork?.[2]).toBe(`${t("urgent.acts")} ${t("urgent.atWork")}`);
    expect(atWork?.[3]).toContain("08:00");
    expect(screen.getByRole("link", { name: "+999 070 0002" })).toHaveProperty(
      "href",
      "tel:+9990700002",
    );
    expect([away?.[2], away?.[4]]).toEqual([t("urgent.acts"), "–"]);
    // whose turn it is not acts in nothing now
    expect([other?.[0], other?.[2], other?.[3]]).toEqual(["El Salvador", "", t("hours.none")]);
  });

  it("says since when it waits, and for whom", async () => {
    const { moves } = await part([{ id: "a", name: "Abel Duarte" }]);
    const says = await screen.findByText(/waiting since/);
    expect(says.textContent).toContain("Mexico");
    expect(moves.at(-1)?.issued).toBeTruthy();
  });

  it("names who stands in for somebody suspended, and leads to their card", async () => {
    await part(
      [
        { id: "a", name: "Abel Duarte", status: "suspended" },
        { id: "b", name: "Berta Lara", roles: ["liaison"], telephone: "+999 070 0009" },
      ],
      [["a", { level: "unverified", why: "person-revoked", deputy: "b" }]],
    );
    const link = await screen.findByRole("link", { name: "Berta Lara" });
    expect(link.getAttribute("href")).toContain("/b");
    const row = link.closest("tr") as HTMLElement;
    within(row).getByText(/stands in for.*Abel Duarte/);
    within(row).getByRole("link", { name: "+999 070 0009" });
    expect(screen.queryByRole("link", { name: "Abel Duarte" })).toBeNull();
  });

  it("says of which State it knows nobody", async () => {
    await part([{ id: "a", name: "Abel Duarte" }]);
    await screen.findByText(t("urgent.nobody", { states: "El Salvador" }));
  });
});
