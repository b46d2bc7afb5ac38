// @vitest-environment happy-dom
/** What the page of the review says may be done first. */

import { cleanup, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { fixtureClient } from "../../../../tests/ui/fixture";
import { drawn } from "../../../../tests/ui/mounted";
import { Hub } from "../../hub.svelte";
import { t } from "../../words";
import RequestPage from "../RequestPage.svelte";

const WAIT = { timeout: 25_000 };
let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

describe("that one can consult first", () => {
  it.each([
    ["draft", 1],
    ["self_check", 0],
  ])("is told while nobody has signed a result: %s", { timeout: 30_000 }, async (stage, times) => {
    const client = fixtureClient("full");
    const hub = new Hub(client);
    stop = hub.follow();
    const requests = hub.view.requests.map((one) => ({ ...one, stage }));
    client.become({ requests: requests as typeof hub.view.requests });
    drawn(RequestPage, hub, { id: "r1", part: "review", section: null });
    await screen.findByRole("button", { name: t("ready.sign") }, WAIT);
    expect(screen.queryAllByText(t("ready.consultFirst"))).toHaveLength(times);
  });
});
