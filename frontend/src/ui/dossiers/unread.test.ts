// @vitest-environment happy-dom
/** Letters not read yet: counted while somebody looks, in the inbox, and gone once they were shown. */

import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { LetterVerdict, UnreadLetters } from "../client";
import { Hub } from "../hub.svelte";
import InboxPage from "../inbox/InboxPage.svelte";
import { router } from "../router.svelte";
import { paths } from "../routes";
import { waitsAt } from "../shell/waiting.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";
import { firstNew, Showing, unreadLetters } from "./unread.svelte";

vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));

const AT = "2026-11-24T15:00:00Z";
const row = (over: Partial<UnreadLetters> = {}): UnreadLetters => ({
  ...{
    request: "d2",
    audience: "both",
    requesting_state: "SV",
    requested_state: "MX",
    count: 1,
    at: AT,
  },
  ...over,
});
const of = (id: string, verdict: LetterVerdict = "ok") => ({ id, verdict });
let stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
  router.go("/");
});
const see = (state: "visible" | "hidden") =>
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);

/** A server that answers with these one after the other, the last one again and again. */
function server(...answers: UnreadLetters[][]) {
  let ring: (request: string) => void = () => undefined;
  const answer = async () => (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
  const client = {
    letters: { unread: vi.fn(answer), mark: vi.fn(answer) },
    dossiers: {
      onMoved: (listener: typeof ring) => {
        ring = listener;
        return () => undefined;
      },
    },
  };
  return { ...client, ring: () => ring("d2") };
}

function page(component: typeof InboxPage | typeof DossierPage, props: object = {}) {
  const client = fixtureClient("central");
  vi.spyOn(client.dossiers, "wanted").mockResolvedValue([]);
  const hub = new Hub(client);
  stops.push(hub.follow(), unreadLetters.follow(client));
  drawn(component as typeof InboxPage, hub, props as never);
  return { hub, client };
}

describe("letters not read yet", () => {
  it("are looked at at once, each minute while somebody looks, and once for all that rings", async () => {
    vi.useFakeTimers();
    const client = server([row()], [row({ count: 2 })], [row({ count: 3 })]);
    stops.push(unreadLetters.follow(client));
    await vi.advanceTimersByTimeAsync(0);
    expect(unreadLetters.of("d2", "both")).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(unreadLetters.count).toBe(2);
    for (let times = 0; times < 5; times += 1) client.ring();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(client.letters.unread).toHaveBeenCalledTimes(3);
    see("hidden");
    await vi.advanceTimersByTimeAsync(180_000);
    expect(client.letters.unread).toHaveBeenCalledTimes(3);
  });

  it("are none any more once nobody follows, whatever is answered late", async () => {
    let answer: (rows: UnreadLetters[]) => void = () => undefined;
    const client = server();
    client.letters.unread.mockReturnValue(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    const stop = unreadLetters.follow(client);
    stop();
    answer([row()]);
    await Promise.resolve();
    expect(unreadLetters.count).toBe(0);
  });

  it("are not put back by a look from before they were shown", async () => {
    let answer: (rows: UnreadLetters[]) => void = () => undefined;
    const client = server([]);
    client.letters.unread.mockReturnValueOnce(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    stops.push(unreadLetters.follow(client));
    await unreadLetters.mark(client, "d2", "both", "l1");
    answer([row()]);
    await Promise.resolve();
    expect(unreadLetters.count).toBe(0);
  });

  it("are counted in the bar with the messages that call, and stand in the inbox", async () => {
    const { hub, client } = page(InboxPage);
    client.become({ cases: [], notes: [] }); // a central authority has none
    const link = await screen.findByRole("link", { name: /2 new letters/ });
    expect(link.getAttribute("href")).toBe(paths.letters("d2", "both"));
    expect(link.textContent).toMatch(/El Salvador.*Mexico/);
    expect(link.textContent).not.toContain("segunda diligencia");
    expect(waitsAt(paths.inbox, hub.view).count).toBe(2);
    expect(screen.getByLabelText(t("inbox.unreadCount", { count: 2 }))).toBeTruthy();
  });

  it("are named by the title of a draft of one's own", async () => {
    const { client } = page(InboxPage);
    const requests = [{ id: "d2", title: "Ruta norte" }];
    client.become({ requests } as unknown as Parameters<typeof client.become>[0]);
    expect((await screen.findByRole("link", { name: /Ruta norte/ })).textContent).toMatch(/Mexico/);
  });
});

describe("a page that shows letters", () => {
  it("says so of the last one before what cannot be read here yet, and the line goes", async () => {
    router.go(paths.dossier("d2"));
    const { client } = page(DossierPage, { id: "d2" });
    const mark = vi.spyOn(client.letters, "mark");
    await screen.findByText(/segunda diligencia/);
    await waitFor(() => expect(unreadLetters.count).toBe(0));
    expect(mark.mock.calls).toEqual([["d2", "both", "l3"]]);
  });

  it("begins at the first that is new for whoever comes by the line", async () => {
    router.go(paths.letters("d2", "both"));
    const client = fixtureClient("central");
    stops.push(unreadLetters.follow(client));
    await waitFor(() => expect(unreadLetters.of("d2", "both")).toBe(2));
    page(DossierPage, { id: "d2" });
    await waitFor(() => expect(document.activeElement?.id).toBe("letter-l3"));
  });

  it("says nothing while nobody looks, once for each, and again what failed", async () => {
    const client = server([]);
    const showing = new Showing(client, "d2", "both");
    const seen = see("hidden");
    await showing.shown([of("l1")]);
    expect(client.letters.mark).not.toHaveBeenCalled();
    seen.mockReturnValue("visible");
    client.letters.mark.mockRejectedValueOnce(new Error("away"));
    for (const last of ["l1", "l1", "l1", "l2"]) await showing.shown([of("l0"), of(last)]);
    expect(client.letters.mark.mock.calls).toEqual([
      ["d2", "both", "l1"],
      ["d2", "both", "l1"],
      ["d2", "both", "l2"],
    ]);
    await showing.shown([]);
    expect(client.letters.mark).toHaveBeenCalledTimes(3);
  });

  it("says it of none that lies behind one which cannot be read here yet", async () => {
    const client = server([]);
    const showing = new Showing(client, "d2", "both");
    see("visible");
    await showing.shown([of("l1", "sealed"), of("l2")]);
    expect(client.letters.mark).not.toHaveBeenCalled();
    await showing.shown([of("l1"), of("l2", "sealed"), of("l3")]);
    await showing.shown([of("l1"), of("l2"), of("l3")]);
    expect(client.letters.mark.mock.calls).toEqual([
      ["d2", "both", "l1"],
      ["d2", "both", "l3"],
    ]);
  });

  it("says it of none that came under a dialog, until that is closed", async () => {
    router.go(paths.dossier("d2"));
    const client = fixtureClient("central");
    const read = vi.spyOn(client.letters, "read");
    const mark = vi.spyOn(client.letters, "mark");
    const told = await client.letters.read(await client.dossiers.read("d2"));
    read.mockResolvedValueOnce({ ...told, letters: [] }).mockResolvedValue(told);
    const hub = new Hub(client);
    stops.push(hub.follow());
    drawn(DossierPage, hub, { id: "d2" });
    await waitFor(() => expect(read).toHaveBeenCalledTimes(2));
    (await screen.findByRole("button", { name: t("move.act.confirm") })).click();
    const dialog = await screen.findByRole("dialog");
    window.dispatchEvent(new Event("online"));
    await screen.findByText(/segunda diligencia/);
    expect(mark).not.toHaveBeenCalled();
    within(dialog)
      .getByRole("button", { name: t("dialog.cancel") })
      .click();
    await waitFor(() => expect(mark.mock.calls).toEqual([["d2", "both", "l3"]]));
  });
});

describe("the first new letter", () => {
  const letters = ["a", "me", "b", "me", "a"].map((person, at) => ({ id: `${at}`, person }));

  it.each([
    [1, "4"],
    [2, "2"],
    [3, "0"],
    [9, "0"],
    [0, undefined],
  ])("of %i is counted back among those of others", (count, id) => {
    expect(firstNew(letters, "me", count)?.id).toBe(id);
  });

  it("of none is none", () => {
    expect(firstNew([], "me", 2)).toBeUndefined();
  });
});
