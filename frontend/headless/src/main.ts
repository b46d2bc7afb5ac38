/**
 * The headless client: `node casehub-client.mjs --profile DIR --url http://localhost:8000`.
 *
 * One JSON command a line on standard input, one JSON answer or event a line on standard output.
 * An answer repeats the command's `ref`. It reconnects by itself, and what it has answered as
 * queued survives `kill -9`: the next start on the same profile sends it.
 *
 * A session ends after 15 minutes without a person's act, and here nobody types: the one who
 * drives the program says `{"do": "active"}` now and then. Nothing keeps it awake by itself.
 *
 * With `--policy FILE --memory DIR` it is nobody's client: it watches the log (log.ts). With
 * `--policy FILE --evidence FILE` it judges what somebody's browser kept of a log, offline; with
 * `--bundle FILE`, perhaps repeated, it checks what was exported, and with `--story REQUEST` tells
 * what became of a request (bundle.ts).
 */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { codeOf, isPassing } from "../../src/api/errors";
import { checkBundles } from "./bundle";
import { parseCommand } from "./commands";
import { judgeEvidence, watchLogs } from "./log";
import { nodeClient } from "./node";
import { takeProfile } from "./profile";
import { Program } from "./program";

const { values } = parseArgs({
  options: {
    profile: { type: "string" },
    policy: { type: "string" },
    memory: { type: "string" },
    evidence: { type: "string" },
    bundle: { type: "string", multiple: true },
    story: { type: "string" },
    language: { type: "string", default: "es" },
    url: { type: "string", default: "http://localhost:8000" },
  },
});

function out(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function failure(error: unknown): Record<string, unknown> {
  const known = error as { code?: string; message?: string; do?: string; params?: unknown };
  const code = known.code ?? codeOf(error);
  return { code, message: known.message, todo: known.do, params: known.params };
}

async function main(profile: string, url: string): Promise<void> {
  const giveBack = takeProfile(profile);
  const client = nodeClient({
    profile,
    url,
    report: (error) => out({ event: "error", ...failure(error) }),
  });
  const program = new Program(client, out);
  await startWhenReachable(client);
  out({ event: "ready", session: client.view().session.state });
  const running = new Set<Promise<void>>();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === "") continue;
    const quitting = await handle(line);
    if (quitting) break;
  }
  await Promise.allSettled(running);
  await client.close();
  giveBack();
  process.exit(0);

  /** Commands are begun in order; only `quit` and signing in hold up those that follow. */
  async function handle(line: string): Promise<boolean> {
    let ref: unknown;
    try {
      const command = parseCommand(line);
      ref = command.ref;
      const name = command.do;
      const done = program.run(command).then(
        (answer) => out({ answer: name, ok: true, ref, ...answer }),
        (error) => out({ answer: name, ok: false, ref, ...failure(error) }),
      );
      running.add(done);
      void done.finally(() => running.delete(done));
      if (name !== "post" && name !== "follow") await done;
      return name === "quit";
    } catch (error) {
      out({ answer: "?", ok: false, ref, code: "bad-command", message: String(error) });
      return false;
    }
  }
}

/** The server may still be starting, or be down for a moment. */
async function startWhenReachable(client: { start(): Promise<void> }): Promise<void> {
  for (let wait = 200; ; wait = Math.min(5_000, wait * 2)) {
    try {
      return await client.start();
    } catch (error) {
      if (!isPassing(error)) throw error;
      out({ event: "unreachable" });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

// Whoever listened is gone; what was accepted is on the disk.
process.stdout.on("error", () => process.exit(0));
const { policy, memory, evidence, bundle, story, language, profile, url } = values;
const exit = (code: number) => process.exit(code);
const undecided = (error: unknown) => {
  out({ holds: null, why: String((error as Error).message) });
  process.exit(2);
};
if (bundle !== undefined) {
  const own = policy === undefined ? null : readFileSync(policy, "utf8");
  const wanted = story === undefined ? null : { request: story, language };
  const tell = (line: string) => process.stdout.write(`${line}\n`);
  checkBundles(bundle, own, out, wanted, tell).then(exit, undecided);
} else if (policy !== undefined && evidence !== undefined) {
  judgeEvidence(readFileSync(policy, "utf8"), readFileSync(evidence, "utf8"), out).then(
    exit,
    undecided,
  );
} else if (policy !== undefined && memory !== undefined) {
  watchLogs({
    policy: readFileSync(policy, "utf8"),
    memory,
    url,
    clock: Date.now,
    fetch,
    out,
  }).then(exit, undecided);
} else if (profile === undefined) {
  process.stderr.write(
    "casehub-client: --profile DIR is needed, or --policy FILE and --memory DIR or --evidence FILE\n",
  );
  process.exit(2);
} else {
  main(profile, url).catch((error: unknown) => {
    out({ event: "fatal", ...failure(error) });
    process.exit(1);
  });
}
