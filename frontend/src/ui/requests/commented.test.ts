// @vitest-environment happy-dom
/** What drafters left each other to look at is seen from the list of sections, and before anybody signs. */

import { cleanup, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import { openOf } from "./commented";
import RequestPage from "./RequestPage.svelte";

const WAIT = { timeout: 25_000 };
let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

function page(id: string, part: "draft" | "review") {
  const hub = new Hub(fixtureClient("full"));
  stop = hub.follow();
  drawn(RequestPage, hub, { id, part, section: null });
}

describe("comments that nobody has resolved", () => {
  it("are counted by section", () => {
    const resolved = { person: "p", at: "" };
    const comments = ["facts", "facts", "offence"].map((section) => ({ section, resolved: null }));
    const found = openOf([...comments, { section: "measures", resolved }]);
    expect([...found]).toEqual([
      ["facts", 2],
      ["offence", 1],
    ]);
  });

  it("stand beside their section in the list", { timeout: 30_000 }, async () => {
    page("r1", "draft");
    const list = await screen.findByRole("navigation", { name: t("request.sections") }, WAIT);
    expect(within(list).getAllByText(t("section.comments", { count: 1 }))).toHaveLength(1);
  });

  it("are told before anybody signs, with where they are", { timeout: 30_000 }, async () => {
    page("r1", "review");
    await screen.findByText(t("ready.comments", { count: 1 }), {}, WAIT);
    expect(screen.getByRole("button", { name: /\(1\)$/ })).toBeTruthy();
  });
});
