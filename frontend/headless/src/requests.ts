/** Commands about requests. */

import type { CaseHubClient, DraftView } from "../../src/effects/client";
import type { Command } from "./commands";

export type RequestCommand = Extract<
  Command,
  | { do: "draft" | "read-draft" | "edit" | "give-turn" | "versions" | "read-version" }
  | { do: "comment" | "attest" | "add-drafter" | "remove-drafter" }
>;

const HERE_MS = 30_000;

export async function runOnRequest(
  client: CaseHubClient,
  command: RequestCommand,
): Promise<Record<string, unknown>> {
  if (command.do === "draft") {
    const { title, draft, people } = command;
    return { request: await client.draftRequest(command.case, title, draft, people) };
  }
  const { request } = command;
  switch (command.do) {
    case "read-draft":
      return { draft: await newest(client, request) };
    case "edit":
      return edit(client, command);
    case "give-turn":
      await client.giveTurn(request);
      return {};
    case "versions":
      return { versions: await client.versions(request) };
    case "read-version":
      return { draft: await client.version(request, command.version) };
    case "comment":
      await client.comment(request, command.section, command.text);
      return {};
    case "attest":
      await newest(client, request);
      await client.attest(request, command.ready);
      return { attested: rowOf(client, request)?.attested, stage: rowOf(client, request)?.stage };
    case "add-drafter":
      await client.addDrafter(request, command.person);
      return {};
    case "remove-drafter":
      await client.removeDrafter(request, command.person);
      return {};
  }
}

async function edit(
  client: CaseHubClient,
  { request, draft }: Extract<Command, { do: "edit" }>,
): Promise<Record<string, unknown>> {
  await newest(client, request);
  await client.takeTurn(request);
  client.editDraft(request, draft);
  await client.saveDraft(request);
  return { version: rowOf(client, request)?.version };
}

function rowOf(client: CaseHubClient, request: string) {
  return client.view().requests.find((one) => one.id === request);
}

/** The draft with the newest version in it, or the reason why there is none. */
function newest(client: CaseHubClient, request: string): Promise<DraftView> {
  return new Promise((resolve, reject) => {
    let stop: () => void = () => undefined;
    const timer = setTimeout(() => {
      stop();
      reject(new Error("the newest version is not here"));
    }, HERE_MS);
    stop = client.onDraft(request, (view) => {
      const coming = view.behind && !view.dirty && view.error === undefined;
      const unchecked = rowOf(client, request)?.attested != null && view.attestation === null;
      if (coming || unchecked) return;
      clearTimeout(timer);
      setTimeout(() => stop(), 0);
      resolve(view);
    });
  });
}
