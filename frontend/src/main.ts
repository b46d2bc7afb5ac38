/** Wires the client to the browser and draws it. */

import { startAuthentication, startRegistration } from "@simplewebauthn/browser";
import { mount } from "svelte";
import "./app.css";
import logPolicy from "virtual:casehub-log-policy";
import roots from "virtual:casehub-roots";
import { makeApi } from "./api/api";
import { isExpected, isPassing } from "./api/errors";
import type { SocketLike } from "./api/socket";
import { type Channel, openClient, type WebAuthn } from "./effects/client";
import { systemRandom, systemTimers } from "./effects/deps";
import { loadBook } from "./rules/load";
import { indexedDbStores } from "./store/indexeddb";
import App from "./ui/App.svelte";
import { preferences } from "./ui/preferences.svelte";
import { fetchFirstWords, kept } from "./ui/words";

/** The token that every changing call repeats; its cookie has a prefix off localhost. */
function csrf(): string | null {
  const found = /(?:^|;\s*)(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie);
  return found?.[1] ?? null;
}

const webauthn: WebAuthn = {
  // The server's options are the browser's business: shapes are checked by it, not by us.
  get: (options) =>
    startAuthentication({
      optionsJSON: options as unknown as Parameters<typeof startAuthentication>[0]["optionsJSON"],
    }),
  create: (options) =>
    startRegistration({
      optionsJSON: options as unknown as Parameters<typeof startRegistration>[0]["optionsJSON"],
    }),
};

function channel(name: string, listener: (message: unknown) => void): Channel {
  const line = new BroadcastChannel(name);
  line.onmessage = (event) => listener(event.data);
  return { post: (message) => line.postMessage(message), close: () => line.close() };
}

const client = openClient({
  api: makeApi(
    {
      base: "",
      fetch: (url, init) => fetch(url, init),
      csrf,
      language: () => document.documentElement.lang,
    },
    {
      url: `${location.origin.replace(/^http/, "ws")}/socket`,
      open: (url, protocols) => new WebSocket(url, protocols) as unknown as SocketLike,
      timers: systemTimers,
    },
  ),
  store: indexedDbStores,
  locks: {
    // The library's types promise a promise of a promise here; the browser unwraps it.
    run: <T>(name: string, task: () => Promise<T>) =>
      navigator.locks.request(name, task) as unknown as Promise<T>,
  },
  clock: Date.now,
  random: systemRandom,
  roots,
  logPolicy,
  timers: systemTimers,
  channel,
  webauthn,
  preferences: kept,
  book: loadBook,
  report: (error) => {
    if (!isPassing(error) && !isExpected(error)) reportError(error);
  },
});

/** A phone that goes into a pocket may never come back to this page. */
const keepDrafts = (): void => void client.saveDrafts().catch(reportError);
addEventListener("pagehide", keepDrafts);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keepDrafts();
});

addEventListener("online", () => client.network(true));
addEventListener("offline", () => client.network(false));

const stop = client.subscribe(({ session }) => {
  if (session.state !== "full") return;
  stop();
  // Ask the browser not to evict what only this device has.
  void navigator.storage.persist();
});

const target = document.querySelector("#app");
if (target === null) throw new Error("the page has no #app");
await fetchFirstWords(preferences.language);
mount(App, { target, props: { client } });
