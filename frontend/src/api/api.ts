/** The server as the effects see it: HTTP routes and a socket. */

import type { HttpDeps } from "./http";
import { makeRoutes, type Routes } from "./routes";
import { type Connection, connect, type Listener, type SocketDeps } from "./socket";

export type Api = Routes & {
  /** Fetch a ticket and open a socket with it; rejects when there is no ticket. */
  connect(listener: Listener): Promise<Connection>;
};

export function makeApi(http: HttpDeps, socket: SocketDeps): Api {
  const routes = makeRoutes(http);
  return {
    ...routes,
    connect: async (listener) => {
      const { ticket } = await routes.socketTicket();
      return connect(socket, ticket, listener);
    },
  };
}
