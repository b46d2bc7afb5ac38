// @vitest-environment happy-dom
/** Documents that were just made, left where one writes to one's own central authority. */

import { cleanup, fireEvent, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../../tests/ui/fixture";
import { drawn } from "../../../../tests/ui/mounted";
import { NotPossible } from "../../../effects/problems";
import type { Book } from "../../../rules/book";
import type { CaseHubClient, RequestView } from "../../client";
import { Hub } from "../../hub.svelte";
import { paths } from "../../routes";
import { t } from "../../words";
import DocumentsDialog from "./DocumentsDialog.svelte";

vi.mock("../../../documents/make", () => ({
  makeFormal: async (kind: string, { language }: { language: string }) => ({
    ...{ bytes: new TextEncoder().encode(`${kind} ${language}`), missing: "" },
    ...{ name: `x-${language}.${kind}`, type: `type/${kind}` },
  }),
}));
vi.mock("../../download", () => ({ download: () => undefined }));
vi.mock("./making", async (original) => ({
  ...(await original<typeof import("./making")>()),
  neededIn: () => ["es"],
}));

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

/** The dialog of a request, with its documents made. */
async function made(
  stage: RequestView["stage"],
  attach: CaseHubClient["letters"]["uploads"]["attach"],
) {
  const client = fixtureClient("full");
  const [found] = client.view().requests as [RequestView];
  const { offices } = await client.directory.read();
  const request = { ...found, stage, requestedState: offices[0]?.state ?? "MX" };
  const letters = { ...client.letters, uploads: { ...client.letters.uploads, attach } };
  const ready = async () => ({ version: request.version, draft: {} as never });
  Object.assign(client, { letters, papers: { ...client.papers, ready } });
  const hub = new Hub(client);
  stop = hub.follow();
  const props = { book: {} as Book, written: "es", request, closed: false };
  drawn(DocumentsDialog, hub, { ...props, onclose: () => undefined });
  const boxes = await screen.findByRole("group", { name: t("documents.recipients") });
  await fireEvent.click(boxes.querySelector("input") as HTMLInputElement);
  (await screen.findByRole("button", { name: t("dialog.continue") })).click();
  (await screen.findByRole("button", { name: t("documents.do") })).click();
  await screen.findByText(t("documents.done"));
  return request;
}
const button = () => screen.queryByRole("button", { name: t("documents.hand") });

it("wait there under their names, and a link leads to where they are sent from", async () => {
  const attach = vi.fn(async () => "f");
  const request = await made("authorised", attach);
  button()?.click();
  const link = await screen.findByRole("link", { name: t("homeLetters.title") });
  expect(link.getAttribute("href")).toBe(paths.letters(request.id, "home"));
  await waitFor(() => expect(document.activeElement).toBe(link));
  const said = screen.getByText(t("documents.handed"));
  expect(said.closest("[role=status]")).toBeTruthy();
  const calls = attach.mock.calls as unknown as [string, File][];
  expect(calls.map(([place, { name, type }]) => [place, name, type])).toEqual([
    [`${request.id}.home`, "x-es.pdf", "type/pdf"],
    [`${request.id}.home`, "x-es.docx", "type/docx"],
  ]);
  expect(await calls[0]?.[1].text()).toBe("pdf es");
  expect(button()).toBeNull();
});

it("stay where they are when they cannot be left there, and that is said", async () => {
  await made("authorised", () => Promise.reject(new NotPossible("attachment-many")));
  button()?.click();
  expect(await screen.findByRole("alert")).toBeTruthy();
  await waitFor(() => expect((button() as HTMLButtonElement).disabled).toBe(false));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("alert")));
  expect(screen.queryByRole("link", { name: t("homeLetters.title") })).toBeNull();
});

it("are left there one after the other: what was is said, and is not left there twice", async () => {
  const attach = vi.fn(async (_place: string, { name }: { name: string }) => name);
  attach
    .mockImplementationOnce(async () => "f")
    .mockRejectedValueOnce(new NotPossible("attachment-many"));
  await made("authorised", attach);
  button()?.click();
  const said = await screen.findByText(t("documents.handedPartly", { attached: 1, count: 2 }));
  expect(said.closest("[role=status]")).toBeTruthy();
  expect(screen.getByRole("link", { name: t("homeLetters.title") })).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("alert")));
  button()?.click();
  await screen.findByText(t("documents.handed"));
  expect(attach.mock.calls.map(([, { name }]) => name)).toEqual([
    "x-es.pdf",
    "x-es.docx",
    "x-es.docx",
  ]);
  expect(screen.queryByRole("alert")).toBeNull();
});

it("are said to be attached meanwhile, and not to be made", async () => {
  let attached: (id: string) => void = () => undefined;
  await made(
    "authorised",
    () =>
      new Promise((resolve) => {
        attached = resolve;
      }),
  );
  button()?.click();
  const said = await screen.findByText(t("documents.handing"));
  expect(said.closest("[role=status]")).toBeTruthy();
  expect(screen.queryByText(t("documents.making"))).toBeNull();
  attached("f");
});

it("are handed to nobody before the request is authorised", async () => {
  await made("ready", async () => "f");
  expect(button()).toBeNull();
});
