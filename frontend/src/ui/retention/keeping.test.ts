// @vitest-environment happy-dom
/** Closing a case: what waits with another State is said before anybody presses. */

import { cleanup, screen, within } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { KeepingRow, Retention } from "../client";
import { shortId } from "../dossiers/asks";
import { Hub } from "../hub.svelte";
import { preferences } from "../preferences.svelte";
import { paths } from "../routes";
import { shortDay } from "../time";
import { t } from "../words";
import KeepingDialog from "./KeepingDialog.svelte";

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

/** The dialog of a case, told `before` with its page and `now` by the server; null: it is away. */
async function dialog(
  before: readonly string[],
  now: readonly string[] | null,
  over: Partial<KeepingRow> = {},
) {
  const client = fixtureClient("full");
  const told = await client.retention.list();
  const [first] = told.cases;
  if (first === undefined) throw new Error("no case");
  const row: KeepingRow = { ...first, under_way: [...before], ...over };
  const list = async (): Promise<Retention> => {
    if (now === null) throw new TypeError("away");
    return { ...told, cases: [{ ...row, under_way: [...now] }] };
  };
  const hub = new Hub(Object.assign(client, { retention: { ...client.retention, list } }));
  stop = hub.follow();
  drawn(KeepingDialog, hub, { row, onclose: () => undefined });
}

const button = () => screen.findByRole("button", { name: t("retention.close") });
const waiting = () => screen.findByRole("list", { name: t("retention.underWayWhich") });

it("is offered where nothing waits", async () => {
  await dialog([], []);
  await button();
  expect(screen.queryByText(t("retention.underWay"))).toBeNull();
});

it("says by number what waits, with the way to what the reader has", async () => {
  const [mine] = fixtureClient("full").view().requests;
  if (mine === undefined) throw new Error("no request");
  const number = shortId(mine.id);
  const hidden = "0f3a77c1";
  await dialog([number, hidden], [number, hidden]);
  const list = within(await waiting());
  expect(list.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
    number,
    hidden,
  ]);
  expect(list.getByRole("link").getAttribute("href")).toBe(paths.dossier(mine.id));
  expect(screen.getByText(t("retention.underWayDo"))).toBeTruthy();
  expect(screen.queryByRole("button", { name: t("retention.close") })).toBeNull();
});

it("goes by what is so when it is opened", async () => {
  await dialog(["0f3a77c1"], []);
  await button();
});

it("goes by what was told before where the server is away", async () => {
  await dialog(["0f3a77c1"], null);
  await waiting();
});

it("tells until which day a closing signed that it is kept", async () => {
  await dialog([], [], { kept_until: "2040-01-31" });
  await button();
  const day = shortDay("2040-01-31", preferences.language, "UTC");
  expect(screen.getByText(t("retention.keptUntil", { day }))).toBeTruthy();
});
