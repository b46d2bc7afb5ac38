/**
 * The host that lies: `node hostile-host.mjs --upstream http://localhost:8000 --port 8100`.
 *
 * One JSON object a line on standard input: `{"attack": NAME, "thread": ID, "victims": [PERSON],
 * "person": PERSON}` begins a lie, `{"calm": true}` ends it, `{"ring": PERSON, "type": FRAME}` rings a
 * doorbell without a reason. On standard output it says what it did. Without an attack it passes
 * everything on.
 */

import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Host } from "./apart";
import { ATTACKS, type Attack } from "./attacks";
import { Memory } from "./memory";
import { Between } from "./proxy";

type Told = { attack?: string; calm?: boolean; ring?: string; type?: string } & Attack;

const { values } = parseArgs({
  options: { upstream: { type: "string" }, port: { type: "string", default: "0" } },
});

function out(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main(upstream: string): Promise<void> {
  const proxy = new Between(upstream);
  proxy.failed = (error) => out({ failure: String(error) });
  const host: Host = { proxy, memory: new Memory(proxy), did: (what) => out({ did: what }) };
  out({ port: await proxy.listen(Number(values.port)) });
  for await (const line of createInterface({ input: process.stdin })) {
    const told = JSON.parse(line) as Told;
    try {
      if (told.ring !== undefined) {
        proxy.tell(told.ring, { type: told.type ?? "joined", thread: told.thread ?? null });
        out({ ready: "rung" });
        continue;
      }
      const begin = told.attack === undefined ? undefined : ATTACKS[told.attack];
      if (told.attack !== undefined && begin === undefined) throw new Error("no such attack");
      proxy.lies = begin === undefined ? {} : await begin(host, told);
      out({ ready: told.attack ?? "calm" });
    } catch (error) {
      out({ failed: String(error) });
    }
  }
  process.exit(0);
}

process.stdout.on("error", () => process.exit(0));
void main(values.upstream ?? "http://localhost:8000");
