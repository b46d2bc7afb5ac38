/** The program: commands in, answers and events out, each one JSON object. */

import type { CaseHubClient, Line, ThreadView } from "../../src/effects/client";
import type { Command } from "./commands";
import { runOnRequest } from "./requests";

export type Out = (line: Record<string, unknown>) => void;

export class Program {
  /** Threads followed, with the highest entry already told. */
  readonly #followed = new Map<string, { told: Set<string>; stop: () => void }>();
  #followAll = false;
  /** Own messages that were posted here and not yet told as accepted: id to ref. */
  readonly #posted = new Map<string, string | number | undefined>();
  readonly #watched = new Map<string, () => void>();
  #connection = "";
  #alarm: string | null = null;
  #session = "";

  constructor(
    private readonly client: CaseHubClient,
    private readonly out: Out,
  ) {
    client.subscribe((view) => {
      if (view.connection !== this.#connection) {
        this.#connection = view.connection;
        this.out({ event: "connection", state: view.connection });
      }
      if (view.session.state !== this.#session) {
        this.#session = view.session.state;
        this.out({ event: "session", state: view.session.state, person: view.session.person });
      }
      if (view.alarm !== this.#alarm) {
        this.#alarm = view.alarm;
        this.out({ event: "alarm", code: view.alarm });
      }
      if (this.#followAll) for (const { circle } of this.#threads()) this.#follow(circle);
    });
  }

  /** Do one command; the answer's fields, or a rejection. `quit` is the caller's. */
  async run(command: Command): Promise<Record<string, unknown>> {
    const { client } = this;
    switch (command.do) {
      case "prove":
        await client.signIn.code((await client.demo.code(command.account)).code);
        return {};
      case "sign-in":
        return this.#signIn(command);
      case "active":
        return this.#active();
      case "list":
        return this.#list();
      case "open-case": {
        const id = await client.openCase(command.states, command.title);
        const found = client.view().cases.find((one) => one.id === id);
        return { case: id, circle: found?.threads[0]?.circle, reference: found?.reference };
      }
      case "open-thread":
        return { thread: await client.openThread(command.case, command.name, command.people) };
      case "add-person":
        await client.addPerson(command.case, command.person, command.threads);
        return {};
      case "remove-person":
        await client.removePerson(command.case, command.person);
        return {};
      case "remove-reader":
        await client.removeReader(command.thread, command.person);
        return {};
      case "post":
        return this.#post(command);
      case "renew":
        await client.renewKeys(command.thread);
        return {};
      case "resend":
        await client.resendAll();
        return {};
      case "read": {
        const lines = await client.lines(command.thread, { limit: command.limit });
        return { lines: lines.map(flat) };
      }
      case "evidence":
        return { evidence: await client.evidence(command.thread) };
      case "alarms":
        return this.#alarms();
      case "mark-read":
        client.markRead(command.thread);
        return {};
      case "follow":
        if (command.thread === undefined) this.#followAll = true;
        for (const circle of command.thread ? [command.thread] : this.#circles()) {
          this.#follow(circle);
        }
        return {};
      case "draft":
      case "read-draft":
      case "edit":
      case "give-turn":
      case "versions":
      case "read-version":
      case "comment":
      case "attest":
      case "add-drafter":
      case "remove-drafter":
        return runOnRequest(client, command);
      case "revoke-own-device": {
        const { person, device } = client.view().session;
        if (person === null || device === null) throw new Error("signed out");
        await client.stopping.revokeDevice(device, person);
        return { device };
      }
      case "sign-out":
        await client.signIn.out();
        return {};
      case "quit":
        return {};
    }
  }

  async #signIn(command: Extract<Command, { do: "sign-in" }>): Promise<Record<string, unknown>> {
    const { client } = this;
    const { state, person } = client.view().session;
    // A profile whose session is still good needs no new code.
    if (state !== "full" || person === null) {
      const needed = command.password === undefined || command.code === undefined;
      const demo = needed ? await client.demo.code(command.account) : null;
      await client.signIn.password(command.account, command.password ?? demo?.password ?? "");
      await client.signIn.code(command.code ?? demo?.code ?? "");
    }
    const { session } = client.view();
    return { person: session.person, device: session.device };
  }

  /** A refusal (sign-in-needed) when it comes too late. */
  async #active(): Promise<Record<string, unknown>> {
    await this.client.stayActive();
    const { idle_seconds, idle_left, ends_at } = this.client.view().session;
    return { idle_seconds, idle_left, ends_at };
  }

  #alarms(): Record<string, unknown> {
    const { alarm, log } = this.client.view();
    const shown = this.client.logEvidence("alarm");
    return { alarm, log: log.alarm?.code ?? null, evidence: shown && JSON.parse(shown.text) };
  }

  #list(): Record<string, unknown> {
    const { cases, requests, people, outbox, connection, session } = this.client.view();
    return { cases, requests, people, outbox, connection, person: session.person?.id ?? null };
  }

  async #post(command: Extract<Command, { do: "post" }>): Promise<Record<string, unknown>> {
    const id = await this.client.send(command.thread, command.text);
    this.#posted.set(id, command.ref);
    this.#watch(command.thread); // a list begun now has it, too
    return { id, status: "queued" };
  }

  /** Tell when own messages are accepted, or have failed. */
  #watch(circle: string): void {
    if (this.#watched.has(circle)) return;
    const failed = new Set<string>();
    const stop = this.client.onLines(circle, (lines) => {
      for (const line of lines) {
        if (line.kind !== "message" || !this.#posted.has(line.message.id)) continue;
        const { id, seq, status, error } = line.message;
        const ref = this.#posted.get(id);
        if (seq !== null) {
          this.#posted.delete(id);
          this.out({ event: "accepted", thread: circle, id, seq, ref });
        } else if (status === "failed" && !failed.has(id)) {
          failed.add(id);
          this.out({ event: "failed", thread: circle, id, code: error, ref });
        }
      }
      // Nothing is on its way: a list that grows with the thread is not kept for it.
      if (this.#posted.size === 0) this.#unwatch();
    });
    this.#watched.set(circle, stop);
  }

  #unwatch(): void {
    for (const stop of this.#watched.values()) stop();
    this.#watched.clear();
  }

  #follow(circle: string): void {
    if (this.#followed.has(circle)) return;
    const told = new Set<string>();
    const stop = this.client.onLines(circle, (lines) => {
      for (const line of lines) {
        if (line.kind === "message" && line.message.seq === null) continue;
        const name = line.kind === "message" ? line.message.id : `${line.seq} ${line.what}`;
        if (told.has(name)) continue;
        told.add(name);
        this.out({
          event: line.kind === "message" ? "message" : "change",
          thread: circle,
          ...flat(line),
        });
      }
    });
    this.#followed.set(circle, { told, stop });
  }

  #threads(): ThreadView[] {
    return this.client.view().cases.flatMap((one) => one.threads);
  }

  #circles(): string[] {
    return this.#threads().map(({ circle }) => circle);
  }
}

function flat(line: Line): Record<string, unknown> {
  if (line.kind === "message") return { ...line.message };
  const { kind: _kind, ...event } = line;
  return event;
}
