/** Requests that others handed on, and that wait for this person's step: for bars, inbox, title. */

import type { CaseHubClient, StepWanted } from "../client";
import { Looked } from "../looked.svelte";

type Client = { readonly dossiers: Pick<CaseHubClient["dossiers"], "wanted" | "onMoved"> };

export const stepsWanted = new Looked<Client, StepWanted>((client) => client.dossiers.wanted());
