import { describe, expect, it } from "vitest";
import type { ServerFrame } from "./schema";
import { connect, type SocketLike } from "./socket";

function setUp() {
  const timers: { ms: number; run: () => void }[] = [];
  const sent: string[] = [];
  const frames: ServerFrame[] = [];
  const closed: number[] = [];
  let protocols: string[] = [];
  const socket: SocketLike = {
    send: (text) => sent.push(text),
    close: () => undefined,
    readyState: 1,
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
  };
  const connection = connect(
    {
      url: "ws://x/socket",
      open: (_url, asked) => {
        protocols = asked;
        return socket;
      },
      timers: {
        after: (ms, run) => {
          const timer = { ms, run };
          timers.push(timer);
          return () => timers.splice(timers.indexOf(timer), 1);
        },
      },
    },
    "abc",
    { frame: (frame) => frames.push(frame), closed: (code) => closed.push(code) },
  );
  const fire = () => timers.shift()?.run();
  const receive = (data: unknown) => socket.onmessage?.({ data });
  return { socket, connection, timers, sent, frames, closed, fire, receive, protocols };
}

describe("a socket", () => {
  it("carries the ticket as a subprotocol", () => {
    expect(setUp().protocols).toEqual(["casehub.1", "ticket.abc"]);
  });

  it("hands on frames it knows, and leaves the others", () => {
    const { receive, frames } = setUp();
    receive('{"type":"pong"}');
    receive('{"type":"news"}');
    receive("no json");
    receive(new ArrayBuffer(2));
    expect(frames).toEqual([{ type: "pong" }]);
  });

  it("pings after silence, and gives the connection up without a pong", () => {
    const { socket, fire, timers, sent, closed } = setUp();
    socket.onopen?.(undefined as never);
    expect(timers.map(({ ms }) => ms)).toEqual([25_000]);
    fire();
    expect(sent).toEqual(['{"type":"ping"}']);
    fire();
    expect(closed).toEqual([4000]);
  });

  it("lives on when anything comes back", () => {
    const { socket, fire, timers, receive, closed } = setUp();
    socket.onopen?.(undefined as never);
    fire();
    receive('{"type":"pong"}');
    expect(timers.map(({ ms }) => ms)).toEqual([25_000]);
    expect(closed).toEqual([]);
  });

  it("tells its end once, and sends nothing afterwards", () => {
    const { socket, connection, closed, sent } = setUp();
    socket.onclose?.({ code: 4401 });
    connection.close();
    expect(closed).toEqual([4401]);
    expect(connection.send({ type: "ping" })).toBe(false);
    expect(sent).toEqual([]);
  });
});
