// @vitest-environment happy-dom
/** Why a request came back stands over its draft until it is ready again, whoever opens it when. */

import { cleanup, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import { type Dossier, NOTHING_SAID } from "../../api/dossiers";
import type { MoveVerdict, RequestView } from "../client";
import { codeName } from "../dossiers/words";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import RequestPage from "./RequestPage.svelte";

// The note stands there without the rulebook too; to read it takes seconds.
vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));

const ID = "r1";
let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

type Back = Pick<Dossier["moves"][number], "act" | "after"> & {
  codes?: string[];
  rules?: string[];
};
const RETURNED: Back = { act: "return", after: "returned", codes: ["D03"] };
const ASKED: Back = { act: "ask-changes", after: "needs_changes", rules: ["SPEC-1"] };

const sentBack = (found: Dossier, steps: readonly Back[]): Dossier => {
  const [move] = found.moves;
  if (move === undefined) throw new Error("nobody moved it");
  const moves = steps.map(({ act, after, ...said }, place) => ({
    ...move,
    number: place + 1,
    act,
    after,
    said: { ...NOTHING_SAID, ...said },
  }));
  return { ...found, moves };
};

/** The page of a request that is opened now, and which records were read for it. */
async function page(
  over: Partial<RequestView>,
  steps: readonly Back[] = [RETURNED],
  verdict: MoveVerdict = "ok",
) {
  const client = fixtureClient("full");
  const found = sentBack(await client.dossiers.read(ID), steps);
  const read = vi.fn(async () => found);
  const check = async () => ({ moves: steps.map(() => verdict), stands: true });
  const view = client.view();
  const requests = view.requests.map((one) => (one.id === ID ? { ...one, ...over } : one));
  Object.assign(client, {
    view: () => ({ ...view, requests }),
    dossiers: { ...client.dossiers, read, check },
  });
  const hub = new Hub(client);
  stop = hub.follow();
  drawn(RequestPage, hub, { id: ID, part: "draft", section: null });
  await screen.findByRole("heading", { level: 1 });
  return read;
}

const why = () => screen.queryByRole("region", { name: t("request.cameBack") });

describe("a request that came back", () => {
  it.each(["returned", "draft", "self_check", "needs_changes"] as const)(
    "says why while it is mended, though its page is opened at %s",
    async (stage) => {
      await page({ stage, cameBack: true });
      await screen.findByText(codeName("D03"));
      expect(why()).not.toBeNull();
    },
  );

  it.each(["needs_changes", "draft", "self_check"] as const)(
    "says which rules who may sign it sent it back for, as long, at %s",
    async (stage) => {
      await page({ stage, cameBack: true }, [RETURNED, ASKED]);
      await screen.findByText("SPEC-1");
      expect(screen.queryByText(codeName("D03"))).toBeNull();
    },
  );

  it("says nothing of a step whose signature is not its author's", async () => {
    const read = await page({ stage: "needs_changes", cameBack: true }, [ASKED], "signature");
    await vi.waitFor(() => expect(read).toHaveBeenCalled());
    expect(why()).not.toBeNull();
    expect(screen.queryByText("SPEC-1")).toBeNull();
  });

  it.each([
    { stage: "ready", cameBack: true },
    { stage: "withdrawn", cameBack: true },
    { stage: "draft", cameBack: false },
  ] as const)(
    "says nothing of it at $stage, came back: $cameBack; nor is its record read",
    async (over) => {
      const read = await page(over);
      expect(why()).toBeNull();
      expect(read).not.toHaveBeenCalled();
    },
  );
});
