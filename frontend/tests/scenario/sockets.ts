/** Open sockets in miniature: frames arrive later, never inside the call that sends them. */

import type { ClientFrame, Entry, ServerFrame } from "../../src/api/schema";
import type { Listener } from "../../src/api/socket";

export type Socket = { person: string; device: string | null; listener: Listener; open: boolean };

export class Sockets {
  readonly open = new Set<Socket>();
  /** Whether somebody between takes a client's frame: then the service never has it. */
  taken: (socket: Socket, frame: ClientFrame) => boolean = () => false;

  tell(socket: Socket, frame: ServerFrame): void {
    setTimeout(() => socket.open && socket.listener.frame(frame), 0);
  }

  /** How an answer names an entry's act in the public log; not at all, unless told. */
  named: (thread: string, entry: Entry) => { event?: number; promise?: null } = () => ({});

  /** Tell the sender where their message stands. */
  accept(socket: Socket, thread: string, entry: Entry): void {
    const { id, seq, chain, at } = entry;
    const named = this.named(thread, entry);
    this.tell(socket, { type: "accepted", id, thread, seq, chain, at, ...named });
  }

  /** Cut every socket of a person, or of all, as a lost network does. */
  cut(person?: string): void {
    for (const socket of this.open) {
      if (person === undefined || socket.person === person) this.close(socket, 1006);
    }
  }

  close(socket: Socket, code: number): void {
    if (!socket.open) return;
    socket.open = false;
    this.open.delete(socket);
    setTimeout(() => socket.listener.closed(code), 0);
  }

  /** Where somebody says that they write in a thread, the others who read it are told. */
  typing({ person }: Socket, frame: ClientFrame, readers: (thread: string) => string[]): void {
    if (frame.type !== "typing") return;
    const { thread } = frame;
    const people = readers(thread);
    if (!people.includes(person)) return;
    for (const other of this.open) {
      if (other.person !== person && people.includes(other.person))
        this.tell(other, { type: "typing", thread, person });
    }
  }

  joined(people: readonly string[]): void {
    for (const socket of this.open) {
      if (people.includes(socket.person)) this.tell(socket, { type: "joined", thread: null });
    }
  }

  left(person: string, circles: readonly string[]): void {
    for (const socket of this.open) {
      if (socket.person !== person) continue;
      for (const thread of circles) this.tell(socket, { type: "left", thread });
    }
  }

  devices(person: string): void {
    for (const socket of this.open) {
      if (socket.person === person) this.tell(socket, { type: "devices" });
    }
  }

  changed(people: readonly string[], request: string): void {
    for (const socket of this.open) {
      if (people.includes(socket.person)) this.tell(socket, { type: "request", request });
    }
  }
}
