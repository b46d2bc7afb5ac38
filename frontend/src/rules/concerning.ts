/** Which rules can be about a request at all, by the State that is asked. Pure. */

import type { Book } from "./book";

type Rule = Book["rules"][number];

const OF_STATE = /^requested_state (==|!=) ["']([A-Z]{2})["']$/;

/** Whether nothing that a rule asks first leaves out a State; what else it asks is not looked at. */
export const concerns = ({ when }: Pick<Rule, "when">, requested: string): boolean =>
  when.every(({ cel }) => {
    const [, is, state] = OF_STATE.exec(cel.trim()) ?? [];
    return is === undefined || (is === "==") === (state === requested);
  });

/** The rules that can concern a request to a State; all of them while it names none. */
export const concerning = (book: Book | null, requested: string): readonly Rule[] =>
  (book?.rules ?? []).filter((one) => requested === "" || concerns(one, requested));
