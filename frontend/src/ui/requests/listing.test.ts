import { describe, expect, it } from "vitest";
import type { DossierRow, RequestView } from "../client";
import { listedOf } from "./listing";

const draft = (id: string, over: Partial<RequestView> = {}): RequestView =>
  ({
    id,
    requestingState: "SV",
    requestedState: "MX",
    stage: "draft",
    version: 2,
    drafter: "ana",
    openedAt: "2026-11-01T15:00:00Z",
    savedAt: "2026-11-10T15:00:00Z",
    ...over,
  }) as RequestView;
const row = (id: string, over: Partial<DossierRow> = {}): DossierRow => ({
  id,
  requesting_state: "SV",
  requested_state: "MX",
  stage: "transmitted",
  version: 2,
  urgency: "urgent",
  deadline: "2026-12-15",
  drafter: "bea",
  since: "2026-11-20T15:00:00Z",
  ...over,
});

describe("the list of requests", () => {
  it("has each request once: drafts of this device, and what others make", () => {
    const found = listedOf([draft("mine")], [row("mine"), row("theirs"), row("theirs")]);
    expect(found.map(({ id }) => id)).toEqual(["mine", "theirs"]);
    expect(found.map((one) => one.draft?.id ?? null)).toEqual(["mine", null]);
  });

  it("has the drafts alone while the server tells nothing", () => {
    const [found] = listedOf([draft("mine", { savedAt: null })]);
    expect(found).toMatchObject({ stage: "draft", since: "2026-11-01T15:00:00Z", drafter: "ana" });
    expect([found?.urgency, found?.deadline]).toEqual([null, null]);
  });

  it("has of a draft where it stands here, and what the server tells besides", () => {
    const [found] = listedOf([draft("mine", { stage: "acknowledged" })], [row("mine")]);
    expect(found).toMatchObject({
      stage: "acknowledged",
      urgency: "urgent",
      deadline: "2026-12-15",
      since: "2026-11-20T15:00:00Z",
    });
  });

  it("shows what moved last first", () => {
    const drafts = [draft("old"), draft("new", { savedAt: "2026-11-25T15:00:00Z" })];
    expect(listedOf(drafts, [row("sent")]).map(({ id }) => id)).toEqual(["new", "sent", "old"]);
  });
});
