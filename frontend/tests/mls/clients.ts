/** Clients in memory, around the real engine: what the engine's tests and schedules play with. */
import { b64u, utf8 } from "../../src/bytes";
import {
  type DeviceKeys,
  type FreshKeyPackage,
  type GroupState,
  type Intent,
  type LeafCheck,
  type MlsEngine,
  makeEngine,
  type Processed,
} from "../../src/crypto/engine";

const NO_AAD = new Uint8Array();

/** The people of one test: who is known under which key. Everybody else is a ghost. */
export class Town {
  readonly #known = new Map<string, string>();

  readonly check: LeafCheck = async ({ credential, signatureKey }) =>
    this.#known.get(utf8.decode(credential)) === b64u.encode(signatureKey);

  register(name: string, key: Uint8Array): void {
    this.#known.set(name, b64u.encode(key));
  }

  strike(name: string): void {
    this.#known.delete(name);
  }

  /** A client whose engine asks this town (a credulous one believes everybody); not in it if a ghost. */
  async client(name: string, { ghost = false, credulous = false } = {}): Promise<Client> {
    const engine = await makeEngine(credulous ? async () => true : this.check);
    const fresh = await engine.generateDeviceKeys();
    if (!ghost) this.register(name, fresh.signaturePublic);
    return new Client(name, engine, { ...fresh, credential: utf8.encode(name) });
  }
}

export type Sent = Awaited<ReturnType<MlsEngine["commit"]>>;

export class Client {
  #state: GroupState | undefined;
  #keyPackages: FreshKeyPackage[] = [];

  constructor(
    readonly name: string,
    readonly engine: MlsEngine,
    readonly keys: DeviceKeys,
  ) {}

  get state(): GroupState {
    if (this.#state === undefined) throw new Error(`${this.name} has no group`);
    return this.#state;
  }

  set state(next: GroupState) {
    this.#state = next;
  }

  get info() {
    return this.engine.info(this.state);
  }

  async keyPackage(): Promise<Uint8Array> {
    const fresh = await this.engine.keyPackage(this.keys, 30);
    this.#keyPackages.push(fresh);
    return fresh.package;
  }

  async create(groupId: Uint8Array): Promise<Uint8Array> {
    const { state, groupInfo } = await this.engine.create(groupId, this.keys);
    this.state = state;
    return groupInfo;
  }

  async join(welcome: Uint8Array): Promise<void> {
    const refs = new Set(this.engine.welcomeRefs(welcome).map(b64u.encode));
    const mine = this.#keyPackages.find(({ ref }) => refs.has(b64u.encode(ref)));
    if (mine === undefined) throw new Error(`${this.name} is not in this welcome`);
    this.state = await this.engine.join(welcome, mine, this.keys);
  }

  /** Commit and merge at once, as if the server had accepted. */
  async commit(intent: Intent): Promise<Sent> {
    const made = await this.engine.commit(this.state, intent, NO_AAD);
    this.advance(made.next);
    return made;
  }

  async rejoin(groupInfo: Uint8Array): Promise<{ commit: Uint8Array; groupInfo: Uint8Array }> {
    const made = await this.engine.rejoin(groupInfo, this.keys);
    this.state = made.next;
    return made;
  }

  async say(text: string): Promise<Uint8Array> {
    const { next, message } = await this.engine.encrypt(this.state, utf8.encode(text), NO_AAD);
    this.advance(next);
    return message;
  }

  async receive(bytes: Uint8Array): Promise<Processed> {
    const processed = await this.engine.process(this.state, bytes);
    this.advance(processed.state);
    return processed;
  }

  /** Receive a message and return its text. */
  async hear(message: Uint8Array): Promise<string> {
    const processed = await this.receive(message);
    if (processed.kind !== "message") throw new Error("a commit, not a message");
    return utf8.decode(processed.plaintext);
  }

  /** As the app does: store the new state, read it back, forget the old one. */
  advance(next: GroupState): void {
    const previous = this.state;
    const stored = this.engine.serialise(next);
    this.engine.forget(previous, next);
    this.state = this.engine.deserialise(stored);
  }
}

/** The first client creates the group and adds all others in one commit. */
export async function group(...clients: readonly Client[]): Promise<void> {
  const [first, ...others] = clients;
  if (first === undefined) throw new Error("a group of nobody");
  await first.create(crypto.getRandomValues(new Uint8Array(16)));
  if (others.length === 0) return;
  const add = await Promise.all(others.map((client) => client.keyPackage()));
  const { welcome } = await first.commit({ add });
  if (welcome === undefined) throw new Error("an add without a welcome");
  for (const client of others) await client.join(welcome);
}
