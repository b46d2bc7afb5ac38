// @vitest-environment happy-dom
/** What was compared, and keys that the host shows afterwards under the same asking. */

import { cleanup, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { choosePicture, drawn } from "../../../tests/ui/mounted";
import { deviceCode } from "../../crypto/deviceStatement";
import { Hub } from "../hub.svelte";
import { readPicture } from "../trust/comparing";
import { t } from "../words";
import DeviceRing from "./DeviceRing.svelte";

vi.mock("../trust/comparing", async (original) => ({
  ...(await original<typeof import("../trust/comparing")>()),
  readPicture: vi.fn(),
}));

const WORDS = ["abanico", "bahía", "cántaro", "dátil", "espiga", "farol"];
const OTHERS = [...WORDS.slice(0, 5), "gacela"];
let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

function asked(words: readonly string[], swapped = false) {
  const times = { askedAt: "2026-11-20T16:12:00Z", expiresAt: "2026-11-20T16:27:00Z" };
  const one = { id: "r1", words, code: deviceCode("d-new", words), swapped, ...times };
  return { devices: { asked: [one], strange: [], holdsKey: true } };
}

/** The ring, after the new browser's code was read here and is the same. */
async function compared() {
  const client = fixtureClient("full");
  const confirmed = vi.fn(async () => undefined);
  const hub = new Hub(Object.assign(client, { confirmDevice: confirmed }));
  stop = hub.follow();
  client.become(asked(WORDS));
  vi.mocked(readPicture).mockResolvedValue(deviceCode("d-new", WORDS));
  drawn(DeviceRing, hub);
  await screen.findByLabelText(t("ring.picture"));
  choosePicture();
  await screen.findByText(t("ring.matches"));
  return { client, confirmed };
}

describe("a browser that asks, whose code was read and is the same", () => {
  it("is confirmed with the words that were compared", async () => {
    const { confirmed } = await compared();
    screen.getByRole("button", { name: t("ring.confirm") }).click();
    await vi.waitFor(() => expect(confirmed).toHaveBeenCalledWith("r1", WORDS));
  });

  it("is not the same any more once other words stand there", async () => {
    const { client } = await compared();
    client.become(asked(OTHERS));
    await screen.findByText("gacela");
    expect(screen.queryByText(t("ring.matches"))).toBeNull();
  });

  it("is an alarm that can only be refused once its keys are others", async () => {
    const { client } = await compared();
    client.become(asked(OTHERS, true));
    await screen.findByText(t("ring.swapped"));
    expect(screen.queryByText(t("ring.matches"))).toBeNull();
    expect(screen.queryByRole("button", { name: t("ring.confirm") })).toBeNull();
    expect(screen.queryByText("gacela")).toBeNull();
    expect(screen.getByRole("button", { name: t("ring.refuse") })).not.toBeNull();
  });
});
