/** Whoever keeps files of somebody: what their uploads and downloads stand on. */

import { type Deps, systemTimers } from "../deps";
import type { Keeper } from "./shapes";

type Of = Pick<Keeper, "door" | "vault" | "exclusive" | "isOpenElsewhere" | "report"> & {
  readonly tab: () => string;
  readonly isOver: () => boolean;
};

export function keeperOf(deps: Deps, { tab, isOver, ...of }: Of): Keeper {
  const timers = deps.timers ?? systemTimers;
  return {
    ...of,
    get tab() {
      return tab();
    },
    get over() {
      return isOver();
    },
    now: () => new Date(deps.clock()).toISOString(),
    uuid: () => deps.random.uuid(),
    sleep: (ms) =>
      new Promise((resolve) => {
        timers.after(ms, resolve);
      }),
  };
}
