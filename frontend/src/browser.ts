/** The client wired to a browser: its network, locks, tabs, authenticator and IndexedDB. */

import { startAuthentication, startRegistration } from "@simplewebauthn/browser";
import roots from "../demo-roots.json";
import { makeApi } from "./api/api";
import type { SocketLike } from "./api/socket";
import { type CaseHubClient, openClient } from "./effects/client";
import { systemRandom, systemTimers, type WebAuthn } from "./effects/deps";
import { indexedDbStores } from "./store/indexeddb";

/** `language`: BCP 47 tag in which the server words its refusals, asked at every call. */
export function browserClient(language: () => string): CaseHubClient {
  const { protocol, host } = window.location;
  const client = openClient({
    api: makeApi(
      { base: "", fetch: (url, init) => fetch(url, init), csrf: () => cookie("csrftoken") ?? cookie("__Host-csrftoken"), language },
      {
        url: `${protocol === "https:" ? "wss:" : "ws:"}//${host}/socket`,
        open: (url, protocols) => new WebSocket(url, protocols) as SocketLike,
        timers: systemTimers,
      },
    ),
    store: indexedDbStores,
    locks: { run: async (name, task) => await navigator.locks.request(name, task) },
    clock: Date.now,
    random: systemRandom,
    roots,
    channel: (name, listener) => {
      const channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => listener(data);
      return { post: (message) => channel.postMessage(message), close: () => channel.close() };
    },
    webauthn,
  });
  window.addEventListener("online", () => client.network(true));
  window.addEventListener("offline", () => client.network(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") client.network(true);
  });
  // Asks the browser not to clear the store under pressure; it may say no.
  void navigator.storage?.persist?.();
  return client;
}

/** Options and credentials in the JSON forms of WebAuthn level 3. */
const webauthn: WebAuthn = {
  get: (options) => startAuthentication({ optionsJSON: options as never }),
  create: (options) => startRegistration({ optionsJSON: options as never }),
};

function cookie(name: string): string | null {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found === undefined ? null : decodeURIComponent(found.slice(name.length + 1));
}
