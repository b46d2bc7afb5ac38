import { describe, expect, it } from "vitest";
import { hex, utf8 } from "../bytes";
import { firstChain, nextChain } from "./chain";

const thread = "11111111-1111-4111-8111-111111111111";
const device = "22222222-2222-4222-8222-222222222222";

// Values computed by messaging/chain.py: both sides must agree on every byte.
const LINKS = [
  "c17eabcd40994737cd3fd33b8a5655db72e33a1b253c33a14a39b9e1d22fb8b1",
  "c7fc82b1b34396a6f53acfdb5c1f5e6adf0139b2d4fb55787b4d6dfc264bfb28",
  "be9a9fbb4bd82b73d2dd1cf1062fea1866743a9eb04517e855bf246901527c94",
];

const commit = {
  seq: 1,
  kind: "commit",
  epoch: 0,
  device,
  id: "33333333-3333-4333-8333-333333333333",
  body: utf8.encode("commit"),
} as const;
const message = {
  seq: 2,
  kind: "message",
  epoch: 1,
  device,
  id: "44444444-4444-4444-8444-444444444444",
  body: utf8.encode("message"),
} as const;

describe("the chain over a thread's log", () => {
  it("is the server's, link by link", async () => {
    const first = await firstChain(thread);
    const second = await nextChain(first, commit);
    const third = await nextChain(second, message);
    expect([first, second, third].map(hex.encode)).toEqual(LINKS);
  });

  it.each([
    ["seq", { ...message, seq: 3 }],
    ["kind", { ...message, kind: "commit" as const }],
    ["epoch", { ...message, epoch: 2 }],
    ["device", { ...message, device: thread }],
    ["id", { ...message, id: thread }],
    ["body", { ...message, body: utf8.encode("messagf") }],
  ])("changes with the entry's %s", async (_what, other) => {
    const before = hex.decode(LINKS[1] ?? "");
    expect(await nextChain(before, other)).not.toEqual(await nextChain(before, message));
  });
});
