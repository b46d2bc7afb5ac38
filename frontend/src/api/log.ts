/** The log's addresses, and what it promises with the answers to acts. */

import { utf8 } from "../bytes";
import acts from "./acts.json";
import awaited from "./awaited.json";
import entering from "./entering.json";
import { type Answered, type Call, type HttpDeps, makeRead } from "./http";
import { type LogInfo, logs, type Receipt, receipts } from "./schema";

/** An answer to what the table of roles calls an act; `awaited`: its proof is, as that table says. */
export type ActAnswered = { act: string; promised: string; awaited: boolean };

/** What it returns is over when the act may be called done; undefined is at once. */
export type Listener = (answer: ActAnswered) => Promise<void> | undefined;

const AWAITED: ReadonlySet<string> = new Set(awaited);

/** Promises that nobody takes yet are kept: those that open a person's store come before it. */
const MOST_KEPT = 100;

export class Feed {
  #listener: Listener | null = null;
  #kept: ActAnswered[] = [];
  #earlier: Promise<unknown> = Promise.resolve();
  /** Called for each answer but receipts: what the server then refuses alone is its choice. */
  answered: () => void = () => undefined;

  readonly heard = ({ method, path, promised }: Answered): Promise<void> | undefined => {
    if (path !== "/log/receipts") this.answered();
    const act = actOf(method, path);
    if (act === null && promised === "") return undefined;
    const name = act ?? enteringOf(method, path) ?? "";
    const answer = { act: name, promised, awaited: AWAITED.has(name) };
    if (this.#listener) return this.#listener(answer);
    this.#kept = [...this.#kept, answer].slice(-MOST_KEPT);
    return undefined;
  };

  /** Hand over what came before, and from now on what comes; returns the way to stop. */
  listen(listener: Listener): () => void {
    this.#listener = listener;
    this.#earlier = Promise.all(this.#kept.splice(0).map(listener));
    return () => {
      if (this.#listener === listener) this.#listener = null;
    };
  }

  /** Over when what came before anybody listened may be called done: of an act by which one enters. */
  async earlier(): Promise<void> {
    await this.#earlier;
  }

  /** What came for somebody else is nobody's. */
  forget(): void {
    this.#kept = [];
  }
}

type Doors = readonly { door: RegExp; act: string }[];

function doorsOf(table: Readonly<Record<string, string>>): Doors {
  return Object.entries(table).map(([door, act]) => {
    const pattern = door.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]*\}/g, "[^/]+");
    return { door: new RegExp(`^${pattern}$`), act };
  });
}

const DOORS = doorsOf(acts);
const ENTERING = doorsOf(entering);

function behind(doors: Doors, method: string, path: string): string | null {
  const [bare] = path.split("?");
  return doors.find(({ door }) => door.test(`${method} ${bare}`))?.act ?? null;
}

/** The act behind a call that leaves an event, or null. */
export function actOf(method: string, path: string): string | null {
  return behind(DOORS, method, path);
}

/** The act behind a call by which one comes or goes: it may leave an event. */
function enteringOf(method: string, path: string): string | null {
  return behind(ENTERING, method, path);
}

export type LogApi = {
  readonly feed: Feed;
  list(): Promise<LogInfo[]>;
  policy(): Promise<string>;
  checkpoint(log: string): Promise<string>;
  /** `cache`: whether what the browser keeps will do; without it nothing is kept, nor taken. */
  file(log: string, path: string, cache?: RequestCache): Promise<Uint8Array>;
  receipts(events: readonly number[]): Promise<Receipt[]>;
};

/** See {@link makeRead} and {@link makeCall} for what they throw. */
export function makeLogApi(deps: HttpDeps, call: Call, feed: Feed): LogApi {
  const read = makeRead(deps);
  return {
    feed,
    list: () => call("GET", "/log", logs),
    policy: async () => utf8.decode(await read("/log/policy")),
    checkpoint: async (log) => utf8.decode(await read(`/log/${log}/checkpoint`)),
    file: (log, path, cache) => read(`/log/${log}/${path}`, cache),
    receipts: (events) => call("POST", "/log/receipts", receipts, { events }),
  };
}
