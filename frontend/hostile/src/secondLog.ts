/**
 * Everybody is shown a second server: a copy of the database with the log's real keys, which goes on by
 * itself. What it cannot have are cosignatures: witnesses remember the first history. So it says that
 * it has them, wherever it is asked how the log stands, and goes on handing out the first one's policy.
 */

import type { Host } from "./apart";
import type { Attack } from "./attacks";
import { type Answered, json, type Lies, saying } from "./proxy";

type Standing = { level: string; at: string; logs: (Record<string, unknown> & { size: number })[] };

export async function secondLog({ proxy, did }: Host, { upstream = "" }: Attack): Promise<Lies> {
  const policy = await proxy.get("/api/log/policy");
  const names = [...policy.body.toString("utf8").matchAll(/^witness (\S+)/gm)].map(
    ([, name]) => name,
  );
  return {
    upstream: new URL(upstream),
    answer: ({ path }) => (path === "/api/log/policy" ? policy : null),
    answering: ({ path }, answered) => {
      if (path === "/api/oversight/integrity") {
        did("vouched");
        return sound(answered, names);
      }
      if (!/^\/api\/oversight\/entries\/.*\/open$/.test(path)) return answered;
      const opened = json<Record<string, unknown>>(answered) ?? {};
      const at = new Date().toISOString();
      return saying(answered, { ...opened, cosigned: names.map((witness) => ({ witness, at })) });
    },
  };
}

/** All witnesses have seen everything a moment ago. */
function sound(answered: Answered, names: (string | undefined)[]): Answered {
  const said = json<Standing>(answered);
  if (answered.status !== 200 || said === null) return answered;
  const logs = said.logs.map((log) => ({
    ...log,
    ...{ level: "ok", reasons: [], signed: log.size, published: log.size, waiting: 0 },
    ...{ published_at: said.at, cosigned: names.length, needed: 2 },
    witnesses: names.map((name) => ({
      ...{ name, seen_at: said.at, size: log.size, trouble: "", since: null },
    })),
  }));
  return saying(answered, { ...said, level: "ok", logs, disputes: [] });
}
