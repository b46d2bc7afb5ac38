/**
 * Pages that are not in what every browser loads first.
 *
 * Each is one file of its own, fetched when somebody goes there, or before that once the page is
 * idle: whoever loses the network later has them all.
 */

import type { Component } from "svelte";
import { preferences } from "../preferences.svelte";
import { fetchWords } from "../words";

type Module<Props extends Record<string, unknown>> = { default: Component<Props> };

export class Lazy<Props extends Record<string, unknown>> {
  readonly #load: () => Promise<Module<Props>>;
  component: Component<Props> | null = $state.raw(null);
  /** It could not be fetched: no network, or a server that has a newer version by now. */
  failed = $state(false);

  constructor(load: () => Promise<Module<Props>>) {
    this.#load = load;
  }

  /** Fetch it, once, and with it all words that it may say; after a failure, anew. */
  async fetch(): Promise<void> {
    if (this.component !== null) return;
    try {
      const words = fetchWords(preferences.language);
      const [page] = await Promise.all([this.#load(), words]);
      this.component = page.default;
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }
}

export const pages = {
  account: new Lazy(() => import("../account/AccountPage.svelte")),
  alta: new Lazy(() => import("../alta/AltaPage.svelte")),
  asking: new Lazy(() => import("../devices/AskingPage.svelte")),
  audits: new Lazy(() => import("../oversight/AuditsPage.svelte")),
  deadlines: new Lazy(() => import("../deadlines/DeadlinesPage.svelte")),
  designation: new Lazy(() => import("../designations/DesignationPage.svelte")),
  designations: new Lazy(() => import("../designations/DesignationsPage.svelte")),
  directory: new Lazy(() => import("../directory/DirectoryPage.svelte")),
  custody: new Lazy(() => import("../dossiers/CustodyPage.svelte")),
  dossier: new Lazy(() => import("../dossiers/DossierPage.svelte")),
  dossiers: new Lazy(() => import("../dossiers/DossiersPage.svelte")),
  draft: new Lazy(() => import("../designations/DraftPage.svelte")),
  indicators: new Lazy(() => import("../indicators/IndicatorsPage.svelte")),
  log: new Lazy(() => import("../oversight/LogPage.svelte")),
  notes: new Lazy(() => import("../notes/NotesPage.svelte")),
  request: new Lazy(() => import("../requests/RequestPage.svelte")),
  requests: new Lazy(() => import("../requests/RequestsPage.svelte")),
  retention: new Lazy(() => import("../retention/RetentionPage.svelte")),
  search: new Lazy(() => import("../finder/SearchPage.svelte")),
  standing: new Lazy(() => import("../designations/StandingPage.svelte")),
  stepUp: new Lazy(() => import("../signin/StepUpDialog.svelte")),
  stopped: new Lazy(() => import("../stopping/StoppedState.svelte")),
};

/** Fetch what is missing when nothing else is to do; what fails is tried again when it is opened. */
export function fetchWhenIdle(): () => void {
  const all = (): void => {
    for (const page of Object.values(pages)) void page.fetch();
    // What messages show of their files is no page, and wanted offline all the same.
    void import("../files/FileList.svelte").catch(() => undefined);
  };
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(all, 2000);
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(all, { timeout: 5000 });
  return () => cancelIdleCallback(asked);
}
