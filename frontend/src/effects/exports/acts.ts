/** Exports for a court: the client's door to them. */

import type { ExportReason, ExportRow } from "../../api/exports";
import type { Wish } from "../../crypto/exportWish";
import type { Core } from "../core";
import type { Joinings } from "../joinings";
import type { LogWatch } from "../log/watch";
import type { Asking } from "./exports";
import { type MadeExport, makeExport, type Tools } from "./making";
import type { Survey } from "./survey";

export interface ExportActs {
  readonly exports: {
    /** What would leave of a thread between two moments (ms); null if nothing was said then. */
    survey(circle: string, from: number, until: number): Promise<Survey | null>;
    /** @throws {NotPossible} `export-unseen` */
    ask(circle: string, shown: Survey, said: Asking): Promise<void>;
    /** The wish, for whoever may look at it; null where it is not sealed to this device. */
    open(row: ExportRow): Promise<Wish | null>;
    agree(row: ExportRow, shown: Wish): Promise<void>;
    refuse(row: ExportRow, reason: ExportReason): Promise<void>;
    /** The wish of one's own. @throws {NotPossible} `export-elsewhere` */
    own(row: ExportRow): Promise<Wish>;
    /** See making.ts `makeExport`; what was made before is handed out again. */
    make(row: ExportRow, tools: Tools): Promise<MadeExport>;
  };
}

export type ExportDesk = {
  readonly core: Core;
  readonly joinings: Joinings;
  readonly receipts: { readonly watch: Pick<LogWatch, "directory"> } | null;
};

export function exportActs(
  at: () => ExportDesk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): ExportActs {
  const own = () => at().joinings.exports;
  const directory = async () => (await at().receipts?.watch.directory()) ?? null;
  return {
    exports: {
      survey: (...which) => guarded(() => own().survey(...which)),
      ask: (...said) => guarded(() => own().ask(...said)),
      open: (row) => guarded(() => own().open(row)),
      agree: (...said) => guarded(() => own().agree(...said)),
      refuse: (...said) => guarded(() => own().refuse(...said)),
      own: (row) => guarded(async () => (await own().wishOf(row)).wish),
      make: (row, tools) => guarded(() => makeExport(at().core, own(), row, tools, directory)),
    },
  };
}
