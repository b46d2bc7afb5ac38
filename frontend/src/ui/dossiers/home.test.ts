// @vitest-environment happy-dom
/** What a State's people write to each other on the page of a request, and what of it is told beside the transmission. */

import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { CaseHubClient, Dossier, Judged, Letters, ShownLetter } from "../client";
import { Hub } from "../hub.svelte";
import { router } from "../router.svelte";
import { paths } from "../routes";
import { type Key, t } from "../words";
import DossierPage from "./DossierPage.svelte";
import { authorisedIn, checkedIn, isOfDraft, paperSaid } from "./papers";
import { unreadLetters } from "./unread.svelte";

vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));

let stops: (() => void)[] = [];
/** How the record is judged, where not at once. */
let checking: CaseHubClient["dossiers"]["check"] | null = null;
afterEach(() => {
  cleanup();
  for (const stop of stops) stop();
  stops = [];
  checking = null;
  router.go("/");
});

function page(
  over: Partial<CaseHubClient["letters"]> = {},
  id = "r1",
  change: Partial<Dossier> = {},
): CaseHubClient["letters"] {
  const client = fixtureClient("central");
  const letters = { ...client.letters, ...over };
  const given = client.dossiers;
  const read = async () => ({ ...(await given.read(id)), ...change });
  const dossiers = { ...given, read, ...(checking && { check: checking }) };
  const hub = new Hub(Object.assign(client, { letters, dossiers }));
  stops.push(hub.follow());
  drawn(DossierPage, hub, { id });
  return letters;
}
const region = () => screen.findByRole("region", { name: t("homeLetters.title") });
const atHome = () => fixtureClient("central").letters.read({} as Dossier, "home");
type File = ShownLetter["files"][number];

/** The fixture's letter from who drafts, with its first file changed. */
async function sent(over: Partial<File>): Promise<Letters> {
  const told = await atHome();
  const [one] = told.letters as [ShownLetter];
  const [file] = one.files as [File];
  return { ...told, letters: [{ ...one, files: [{ ...file, ...over }] }] };
}

describe("what one's own people write to each other", () => {
  it("stands apart, with what this browser found of each document", async () => {
    page();
    const shown = await region();
    const files = await within(shown).findByRole("list", { name: t("letters.files") });
    const [paper, other] = within(files).getAllByRole("listitem");
    expect(paper?.textContent).toMatch(/formalised, by the signature of .*Marta Olivares/);
    expect(paper?.textContent).toContain(t("homeLetters.compared"));
    expect(other?.textContent).toContain(t("homeLetters.unproven"));
    expect(other?.textContent).not.toContain(t("homeLetters.compared"));
    expect(screen.queryByRole("region", { name: t("letters.title") })).toBeNull();
  });

  it.each<[string, Partial<Dossier>, Key, boolean]>([
    ["asks for documents while it is to be transmitted", {}, "homeLetters.newHow", true],
    ["asks for none once it was", { stage: "transmitted", next: [] }, "letters.newHow", true],
    ["takes none once it is closed", { stage: "closed", next: [] }, "letters.newHowOver", false],
  ])("%s", async (_, change, how, takes) => {
    page({}, "r1", change);
    const shown = await region();
    await within(shown).findByText(t(how));
    const attach = within(shown).queryByRole("button", { name: t("files.attach") });
    expect(attach !== null).toBe(takes);
  });

  it("is nobody's where the record does not say so", async () => {
    const read = vi.fn<CaseHubClient["letters"]["read"]>(async () => atHome());
    page({ read }, "d2");
    await screen.findByRole("region", { name: t("letters.title") });
    expect(screen.queryByRole("region", { name: t("homeLetters.title") })).toBeNull();
    expect(read.mock.calls.map(([, audience]) => audience)).not.toContain("home");
  });

  it("is written to them, and to nobody else", async () => {
    const write = vi.fn<CaseHubClient["letters"]["write"]>(async () => "w1");
    page({ write, kept: async () => null });
    const shown = await region();
    const field = within(shown).getByLabelText(t("homeLetters.new"));
    await fireEvent.input(field, { target: { value: "Falta el anexo" } });
    within(shown)
      .getByRole("button", { name: t("letters.send") })
      .click();
    await waitFor(() => expect(write.mock.lastCall?.[1]).toBe("home"));
  });

  it("is new until it was shown, and is what a line of the inbox leads to", async () => {
    router.go(paths.letters("r1", "home"));
    const mark = vi.fn<CaseHubClient["letters"]["mark"]>(async () => []);
    page({ mark });
    await waitFor(() => expect(mark.mock.calls).toEqual([["r1", "home", "h1"]]));
    await waitFor(() => expect(document.activeElement?.id).toBe("home-letters"));
    expect(unreadLetters.of("r1", "home")).toBe(0);
  });
});

describe("the dialog of the transmission", () => {
  const dialog = async () => {
    (await screen.findByRole("button", { name: t("move.act.transmit") })).click();
    return screen.findByRole("dialog");
  };

  it("names the documents that were checked here, and those that were not", async () => {
    page();
    await within(await region()).findByText(/para transmitir/);
    const [said] = within(await dialog()).getAllByRole("status");
    expect(said?.textContent).toMatch(/Checked in this browser: .*oficio-v4-es\.pdf/);
    expect(said?.textContent).toContain(t("homeLetters.exactly", { count: 1 }));
    expect(said?.textContent).toMatch(/Not checked here.*anexo escaneado\.pdf/);
  });

  it("says which one is current of what was sent twice, and not to transmit exactly that", async () => {
    const told = await atHome();
    const [one] = told.letters as [ShownLetter];
    const [file, other] = one.files as [File, File];
    const newer = { ...file, file: { ...file.file, id: "f10", sha256: other.file.sha256 } };
    const issued = "2026-11-15T09:00:00Z";
    const again = { ...one, id: "h2", letter: one.letter && { ...one.letter, issued } };
    page({ read: async () => ({ ...told, letters: [one, { ...again, files: [newer] }] }) });
    await within(await region()).findAllByText(/para transmitir/);
    const [said] = within(await dialog()).getAllByRole("status");
    expect(said?.textContent).toMatch(
      /current one is the last: .*oficio-v4-es\.pdf.*Marta Olivares/,
    );
    expect(said?.textContent).toMatch(/Replaced: .*oficio-v4-es\.pdf/);
    expect(said?.textContent).not.toContain(t("homeLetters.exactly", { count: 1 }));
  });

  it.each(["letters", "record", "rest"] as const)(
    "says nothing of what was checked while the %s is not here",
    async (which) => {
      const told = await atHome();
      const never = () => new Promise<never>(() => undefined);
      const read: CaseHubClient["letters"]["read"] =
        which === "letters" ? never : async () => ({ ...told, isWhole: which !== "rest" });
      if (which === "record") checking = never;
      page({ read, earlier: never });
      const shown = await dialog();
      expect(await within(shown).findByText(t("homeLetters.looking"))).toBeTruthy();
      expect(within(shown).queryByText(t("homeLetters.noneChecked"))).toBeNull();
      expect(within(shown).queryByText(/Checked in this browser/)).toBeNull();
    },
  );

  it("says that none was checked where the letters could not be read", async () => {
    page({ read: () => Promise.reject(new Error("no network")) });
    const shown = await dialog();
    expect(await within(shown).findByText(t("homeLetters.noneChecked"))).toBeTruthy();
    expect(within(shown).queryByText(t("homeLetters.looking"))).toBeNull();
  });

  it.each([
    ["was opened here", { isCompared: false }],
    ["is of the authorised version", { proven: null }],
    ["was signed by who could", { proven: "unsigned" }],
  ] as const)("says that none was where none %s", async (_what, over) => {
    const told = await sent(over);
    page({ read: async () => told });
    await within(await region()).findByText(/para transmitir/);
    const shown = await dialog();
    expect(within(shown).getByText(t("homeLetters.noneChecked"))).toBeTruthy();
    expect(within(shown).queryByText(/Checked in this browser/)).toBeNull();
  });
});

describe("a document of who drafts", () => {
  const moves = [
    { act: "authorise", version: 3 },
    { act: "transmit", version: 3 },
    { act: "return", version: 3 },
    { act: "authorise", version: 5 },
  ];
  const found = { moves, requesting_state: "SV" } as unknown as Dossier;
  const judged = (...all: string[]) => ({ moves: all }) as unknown as Judged;

  it("is of the version that was authorised last, where that step is verified", () => {
    expect(authorisedIn(found, judged("ok", "ok", "ok", "former"))).toBe(5);
    expect(authorisedIn(found, judged("ok", "ok", "ok", "signature"))).toBeNull();
    expect(authorisedIn(found, null)).toBeNull();
    expect(authorisedIn({ ...found, moves: [] }, judged())).toBeNull();
  });

  it("of another version is told as what is not to be transmitted", async () => {
    const [one] = (await sent({})).letters as [ShownLetter];
    const [file] = one.files as [File];
    const tones = [4, 5, null].map((version) => paperSaid(file, version).tone);
    expect(tones).toEqual(["ok", "stop", "warn"]);
    expect(paperSaid({ ...file, proven: "unsigned" }, 4).tone).toBe("stop");
    expect(checkedIn([one], 5)).toMatchObject({ checked: [], left: [file] });
  });

  it("is none where a central authority wrote, or nobody here", async () => {
    const [one] = (await sent({})).letters as [ShownLetter];
    expect(isOfDraft(one)).toBe(true);
    for (const over of [{ byDevice: false }, { verdict: "key" as const }, { letter: null }]) {
      expect(isOfDraft({ ...one, ...over })).toBe(false);
      expect(checkedIn([{ ...one, ...over }], 4)).toMatchObject({ checked: [], left: [] });
    }
  });
});
