/** The server as the effects see it: HTTP routes and a socket. */

import { Clocks } from "./clocks";
import { type HttpDeps, makeCall } from "./http";
import { Feed, type LogApi, makeLogApi } from "./log";
import { Pace } from "./pace";
import { makeRoutes, type Routes } from "./routes";
import { type Connection, connect, type Listener, type SocketDeps } from "./socket";

export type Api = Routes & {
  /** Fetch a ticket and open a socket with it; rejects when there is no ticket. */
  connect(listener: Listener): Promise<Connection>;
  /** Without it nothing is watched, and no promise is kept. */
  publicLog?: LogApi;
  clocks?: Clocks;
};

export function makeApi(given: HttpDeps, socket: SocketDeps): Api {
  const feed = new Feed();
  const clocks = new Clocks(given.clock ?? Date.now);
  const fetch = clocks.reading(given.fetch);
  const http = { pace: new Pace(), ...given, fetch, heard: feed.heard };
  const routes = makeRoutes(http);
  return {
    ...routes,
    clocks,
    connect: async (listener) => {
      const { ticket } = await routes.socketTicket();
      return connect(socket, ticket, listener);
    },
    publicLog: makeLogApi(http, makeCall(http), feed),
  };
}
