/**
 * What stands between real clients and the real server, and may change whatever passes.
 *
 * A host has more power than this (it also has the database), but every lie reaches a client
 * through these two holes: an answer over HTTP, and a frame over the socket.
 */

import { request as ask, createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import WebSocket, { WebSocketServer } from "ws";

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Who asks, once the server has said so; "" before. */
  readonly person: string;
};
export type Answered = { status: number; headers: Record<string, string | string[]>; body: Buffer };
export type Frame = { readonly type: string; readonly [name: string]: unknown };

/** What the host does differently; what is left out is done honestly. */
export type Lies = {
  /** The server that is asked, in place of the real one. */
  upstream?: URL;
  /** Answer instead of the server; null lets it be asked. */
  answer?(asked: Asked): Promise<Answered | null> | Answered | null;
  /** Change what is asked of the server. */
  asking?(asked: Asked): Asked;
  /** Change what the server answered. */
  answering?(asked: Asked, answered: Answered): Promise<Answered> | Answered;
  /** What a person's socket hears instead of a frame of the server's. */
  telling?(person: string, frame: Frame): Promise<Frame[]> | Frame[];
  /** What the server hears instead of a frame of a person's; null: nothing. */
  saying?(person: string, frame: Frame, tell: (frame: Frame) => void): Frame | null;
  /** Send on what is to pass over a socket: when, how often, and how much of it. */
  passing?(passing: Passing): void;
};

export type Passing = {
  readonly person: string;
  readonly toward: "client" | "server";
  readonly text: string;
  /** Anything, at any time; nothing once the socket is closed. */
  readonly send: (text: string) => void;
  /** End this socket, as a network does: without a word. */
  readonly cut: () => void;
};

const SESSION = /(?:^|;\s*)casehub=([^;]+)/;

export class Between {
  lies: Lies = {};
  /** Told of everything honest that passes. */
  seen: (asked: Asked, answered: Answered) => void = () => undefined;
  heard: (frame: Frame) => void = () => undefined;
  /** Told of a lie that could not be told: what passed instead was none. */
  failed: (error: unknown) => void = () => undefined;
  readonly #persons = new Map<string, string>();
  readonly #sockets = new Map<string, Set<WebSocket>>();
  readonly #upstream: URL;
  readonly #server: Server;
  readonly #doors = new WebSocketServer({ noServer: true, handleProtocols: (all) => first(all) });

  constructor(upstream: string) {
    this.#upstream = new URL(upstream);
    this.#server = createServer((incoming, outgoing) => {
      this.#pass(incoming).then(
        ({ status, headers, body }) => {
          outgoing.writeHead(status, headers);
          outgoing.end(body);
        },
        () => {
          outgoing.writeHead(502);
          outgoing.end();
        },
      );
    });
    this.#server.on("upgrade", (incoming, socket, head) => this.#open(incoming, socket, head));
  }

  listen(port: number): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(port, "127.0.0.1", () =>
        resolve((this.#server.address() as AddressInfo).port),
      );
    });
  }

  /** Say something to a person of the host's own accord. */
  tell(person: string, frame: Frame): void {
    for (const socket of this.#sockets.get(person) ?? []) socket.send(JSON.stringify(frame));
  }

  /** Ask the real server something of the host's own accord. */
  get(path: string): Promise<Answered> {
    const { port } = this.#server.address() as AddressInfo;
    const headers = { host: `localhost:${port}` };
    return this.#ask({ method: "GET", path, headers, body: "", person: "" });
  }

  async #pass(incoming: IncomingMessage): Promise<Answered> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const cookie = incoming.headers.cookie ?? "";
    const given: Asked = {
      method: incoming.method ?? "GET",
      path: incoming.url ?? "/",
      headers: plain(incoming.headers),
      body: Buffer.concat(chunks).toString("utf8"),
      person: this.#persons.get(session(cookie)) ?? "",
    };
    const instead = (await this.#lying(() => this.lies.answer?.(given))) ?? null;
    if (instead !== null) return instead;
    const asked = this.lies.asking?.(given) ?? given;
    const answered = await this.#ask(asked);
    this.#learn(asked, answered, cookie);
    this.seen(asked, answered);
    return (await this.#lying(() => this.lies.answering?.(given, answered))) ?? answered;
  }

  async #lying<T>(lie: () => T | Promise<T>): Promise<T> {
    try {
      return await lie();
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  /** The session's answer says whose it is; its key may change with the same answer. */
  #learn(asked: Asked, answered: Answered, cookie: string): void {
    const set = [answered.headers["set-cookie"] ?? []].flat().join("; ");
    const keys = [session(cookie), session(set)].filter((key) => key !== "");
    const known = this.#persons.get(session(cookie));
    for (const key of keys) if (known !== undefined) this.#persons.set(key, known);
    if (!/^\/api\/(session|sign-in\/)/.test(asked.path)) return;
    const person = json<{ person?: { id: string } | null }>(answered)?.person?.id;
    if (person !== undefined) for (const key of keys) this.#persons.set(key, person);
  }

  #ask({ method, path, headers, body }: Asked): Promise<Answered> {
    const { hostname, port } = this.lies.upstream ?? this.#upstream;
    const sent = { ...headers, "content-length": String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const going = ask({ hostname, port, method, path, headers: sent }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const { "transfer-encoding": _chunked, connection: _kept, ...rest } = answer.headers;
          const all = rest as Record<string, string | string[]>;
          resolve({ status: answer.statusCode ?? 502, headers: all, body: Buffer.concat(chunks) });
        });
      });
      going.on("error", reject);
      going.end(body);
    });
  }

  #open(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = String(incoming.headers["sec-websocket-protocol"] ?? "").split(/,\s*/);
    const cookie = incoming.headers.cookie ?? "";
    const url = new URL(incoming.url ?? "/", this.lies.upstream ?? this.#upstream);
    url.protocol = "ws:";
    const server = new WebSocket(url, offered, {
      headers: { cookie, host: String(incoming.headers.host) },
      origin: String(incoming.headers.origin),
      perMessageDeflate: false,
    });
    const early: string[] = [];
    server.on("message", (data) => early.push(String(data)));
    server.once("unexpected-response", () => socket.destroy());
    server.once("error", () => socket.destroy());
    server.once("open", () => {
      this.#doors.handleUpgrade(incoming, socket, head, (client) => {
        const person = this.#persons.get(session(cookie)) ?? "";
        this.#join(person, client, server, early);
      });
    });
  }

  #join(person: string, client: WebSocket, server: WebSocket, early: string[]): void {
    const sockets = this.#sockets.get(person) ?? new Set();
    this.#sockets.set(person, sockets.add(client));
    let order = Promise.resolve();
    const cut = () => {
      client.terminate();
      server.terminate();
    };
    const pass = (toward: Passing["toward"], text: string) => {
      const to = toward === "client" ? client : server;
      const send = (sent: string) => to.readyState === WebSocket.OPEN && to.send(sent);
      if (this.lies.passing === undefined) send(text);
      else this.lies.passing({ person, toward, text, send, cut });
    };
    const tell = (text: string) => {
      const frame = JSON.parse(text) as Frame;
      this.heard(frame);
      order = order.then(async () => {
        for (const told of (await this.lies.telling?.(person, frame)) ?? [frame]) {
          pass("client", JSON.stringify(told));
        }
      });
    };
    server.removeAllListeners("message");
    for (const text of early) tell(text);
    server.on("message", (data) => tell(String(data)));
    client.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      const reply = (told: Frame) => pass("client", JSON.stringify(told));
      const said = this.lies.saying ? this.lies.saying(person, frame, reply) : frame;
      if (said !== null) pass("server", JSON.stringify(said));
    });
    client.on("close", () => {
      sockets.delete(client);
      server.close();
    });
    server.on("close", (code) => client.close(code === 1005 || code === 1006 ? 1001 : code));
    client.on("error", () => server.terminate());
    server.on("error", () => client.terminate());
  }
}

/** An answer's JSON, or null. */
export function json<T>(answered: Answered): T | null {
  try {
    return JSON.parse(answered.body.toString("utf8")) as T;
  } catch {
    return null;
  }
}

/** The same answer with another body: bytes as they are, anything else as JSON. */
export function saying(answered: Answered, body: unknown): Answered {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body), "utf8");
  const headers = { ...answered.headers, "content-length": String(bytes.length) };
  return { ...answered, headers, body: bytes };
}

/** An answer of the host's own. */
export function answer(body: unknown, status = 200): Answered {
  return saying(
    { status, headers: { "content-type": "application/json" }, body: Buffer.of() },
    body,
  );
}

function session(cookie: string): string {
  return SESSION.exec(cookie)?.[1] ?? "";
}

function first(offered: Set<string>): string | false {
  return [...offered][0] ?? false;
}

function plain(headers: IncomingMessage["headers"]): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name !== "accept-encoding");
  return Object.fromEntries(kept.map(([name, value]) => [name, [value].flat().join(", ")]));
}
