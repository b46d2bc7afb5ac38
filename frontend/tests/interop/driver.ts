/**
 * The engine, spoken to in lines of JSON: one request a line on stdin, one answer a line on
 * stdout. For the interoperability test against mls-rs (tests/integration/interop).
 *
 * Bytes are base64url. The identities that may stand in a leaf are the arguments on the command
 * line; nobody else is believed.
 */
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { b64u, utf8 } from "../../src/bytes";
import { type LeafCheck, MlsRefused, makeEngine, type Roster } from "../../src/crypto/engine";
import { Client } from "../mls/clients";

type Request = {
  op: string;
  client: string;
  group?: string;
  welcome?: string;
  bytes?: string;
  text?: string;
  add?: string[];
  remove?: string[];
};
type Answer = { [key: string]: unknown };

export async function serve(
  input: Readable,
  output: Writable,
  identities: readonly string[],
): Promise<void> {
  const session = new Session(identities);
  for await (const line of createInterface({ input })) {
    output.write(`${JSON.stringify(await session.answer(JSON.parse(line)))}\n`);
  }
}

class Session {
  readonly #check: LeafCheck;
  readonly #clients = new Map<string, Client>();

  constructor(identities: readonly string[]) {
    const known = new Set(identities);
    this.#check = async ({ credential }) => known.has(utf8.decode(credential));
  }

  async answer(request: Request): Promise<Answer> {
    try {
      return await this.#do(request);
    } catch (error) {
      if (error instanceof MlsRefused) return { refused: error.reason, cause: String(error.cause) };
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }

  async #do(request: Request): Promise<Answer> {
    if (request.op === "new") return this.#new(request.client);
    const client = this.#clients.get(request.client);
    if (client === undefined) throw new Error(`no client ${request.client}`);
    switch (request.op) {
      case "key-package":
        return { package: b64u.encode(await client.keyPackage()) };
      case "create":
        return { group_info: b64u.encode(await client.create(utf8.encode(request.group ?? ""))) };
      case "join":
        await client.join(b64u.decode(request.welcome ?? ""));
        return {};
      case "commit":
        return await this.#commit(client, request);
      case "rejoin":
        return encoded(await client.rejoin(b64u.decode(request.bytes ?? "")));
      case "say":
        return { message: b64u.encode(await client.say(request.text ?? "")) };
      case "receive":
        return await this.#receive(client, b64u.decode(request.bytes ?? ""));
      case "info":
        return {
          epoch: client.info.epoch,
          active: client.info.active,
          names: names(client.info.roster),
        };
      default:
        throw new Error(`no operation ${request.op}`);
    }
  }

  async #new(name: string): Promise<Answer> {
    const engine = await makeEngine(this.#check);
    const keys = await engine.generateDeviceKeys();
    this.#clients.set(name, new Client(name, engine, { ...keys, credential: utf8.encode(name) }));
    return {};
  }

  async #commit(client: Client, request: Request): Promise<Answer> {
    if (request.add !== undefined) {
      return encoded(await client.commit({ add: request.add.map(b64u.decode) }));
    }
    if (request.remove === undefined) return encoded(await client.commit({ update: true }));
    const gone = new Set(request.remove);
    const remove = client.info.roster
      .filter(({ credential }) => gone.has(utf8.decode(credential)))
      .map(({ leaf }) => leaf);
    return encoded(await client.commit({ remove }));
  }

  async #receive(client: Client, bytes: Uint8Array): Promise<Answer> {
    const seen = await client.receive(bytes);
    const author = utf8.decode(seen.author.credential);
    if (seen.kind === "message") {
      return { kind: "message", author, text: utf8.decode(seen.plaintext) };
    }
    return {
      kind: "commit",
      author,
      added: names(seen.added),
      removed: names(seen.removed),
      self_removed: seen.selfRemoved,
    };
  }
}

function names(roster: Roster): string[] {
  return roster.map(({ credential }) => utf8.decode(credential));
}

function encoded(made: {
  commit: Uint8Array;
  groupInfo: Uint8Array;
  welcome?: Uint8Array;
}): Answer {
  return {
    commit: b64u.encode(made.commit),
    group_info: b64u.encode(made.groupInfo),
    welcome: made.welcome === undefined ? null : b64u.encode(made.welcome),
  };
}
