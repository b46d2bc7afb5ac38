/** The client wired to Node: fetch with a cookie jar, the `ws` package, files as the store. */

import { join } from "node:path";
import logPolicy from "virtual:casehub-log-policy";
import roots from "virtual:casehub-roots";
import WebSocket from "ws";
import { makeApi } from "../../src/api/api";
import type { SocketLike } from "../../src/api/socket";
import { type CaseHubClient, openClient } from "../../src/effects/client";
import { processLocks, systemRandom, systemTimers } from "../../src/effects/deps";
import { loadBook } from "../../src/rules/load";
import { fileStores } from "../../src/store/file";
import type { Roots } from "../../src/verify/chain";
import { Jar } from "./jar";

export type NodeOptions = {
  profile: string;
  /** The server, such as `http://localhost:8000`. */
  url: string;
  /** Root keys by State; the demo's unless given. */
  roots?: Roots;
  report: (error: unknown) => void;
};

export function nodeClient(options: NodeOptions): CaseHubClient {
  const { origin } = new URL(options.url);
  const jar = new Jar(join(options.profile, "cookies.json"));
  const csrf = () => jar.get("csrftoken") ?? jar.get("__Host-csrftoken");
  const own = () => ({ Origin: origin, Referer: `${origin}/`, Cookie: jar.header() });

  async function fetchWithJar(url: string, init: RequestInit): Promise<Response> {
    // The page sets the token that a changing call must repeat.
    if (csrf() === null) jar.take((await fetch(`${origin}/`)).headers.getSetCookie());
    const headers = { ...(init.headers as Record<string, string>), ...own() };
    const response = await fetch(url, { ...init, headers });
    jar.take(response.headers.getSetCookie());
    return response;
  }

  return openClient({
    api: makeApi(
      {
        base: origin,
        fetch: fetchWithJar,
        csrf,
        language: () => "en",
      },
      {
        url: `${origin.replace(/^http/, "ws")}/socket`,
        open: (url, protocols) => opened(new WebSocket(url, protocols, { headers: own() })),
        timers: systemTimers,
      },
    ),
    store: fileStores(join(options.profile, "store")),
    locks: processLocks(),
    clock: Date.now,
    random: systemRandom,
    roots: options.roots ?? roots,
    logPolicy,
    book: loadBook,
    holdsIdentity: true, // it plays whom it is told to: the demo's ceremony gives it their key
    report: options.report,
  });
}

/** `ws` throws when a socket is closed before it opened, by an event nobody listens to. */
function opened(socket: WebSocket): SocketLike {
  socket.on("error", () => undefined);
  return socket as unknown as SocketLike;
}
