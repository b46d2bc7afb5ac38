// @vitest-environment happy-dom
/** What is read no more, as it is listed before devices end, and while the session ends over it. */

import { cleanup, screen, within } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { Losses, View } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import DeviceDialog from "./DeviceDialog.svelte";

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

const THREAD: Losses["threads"][number] = {
  circle: "k1",
  kind: "thread",
  caseReference: "SV-2026-0001",
  caseTitle: "Ruta",
  name: "Traslados",
  devices: [],
  here: true,
  people: ["p-lo", "p-rc"],
  owner: null,
  draft: false,
  unsent: 0,
};

/** The dialog over one thread that two others read, and a way to have the view become another. */
async function dialog(over: (view: View) => Partial<View> = () => ({})) {
  const client = fixtureClient("full");
  let become: (view: View) => void = () => undefined;
  const first = { ...client.view(), ...over(client.view()) };
  Object.assign(client, {
    view: () => first,
    subscribe: (listener: (view: View) => void) => {
      become = listener;
      return () => undefined;
    },
    losses: async () => ({ threads: [THREAD], here: true, last: true, begun: [] }),
  });
  const hub = new Hub(client);
  stop = hub.follow();
  const nothing = () => undefined;
  const props = { device: "d1", name: "", here: true, devices: [] };
  drawn(DeviceDialog, hub, { ...props, onclose: nothing, onwithdrawn: nothing });
  const row = (await screen.findByText("Traslados")).closest("li") as HTMLElement;
  const inviters = () =>
    within(row)
      .getAllByRole("listitem")
      .map((one) => one.textContent);
  return { inviters, become: (now: Partial<View>) => become({ ...first, ...now }) };
}

describe("who lets one in again", () => {
  it("are all of them, also where two are called the same", async () => {
    const { inviters } = await dialog(({ people }) => {
      const same = people.find(({ id }) => id === "p-lo");
      if (same === undefined) throw new Error("nobody");
      return { people: people.map((one) => (one.id === "p-rc" ? { ...same, id: one.id } : one)) };
    });
    expect(inviters()).toHaveLength(2);
    expect(new Set(inviters()).size).toBe(1);
  });

  // A dialog is drawn by itself beside the page: nothing promises that it goes first.
  it("have no names any more once the session is over, and the page goes on", async () => {
    const { inviters, become } = await dialog();
    expect(new Set(inviters()).size).toBe(2);
    become({ people: [], cases: [] });
    flushSync();
    expect(inviters()).toEqual([t("people.unknown"), t("people.unknown")]);
  });
});
