/** Single keys of the program: which event means which act. Pure enough to test. */

export type KeyAct =
  | "next"
  | "previous"
  | "search"
  | "find"
  | "create"
  | "write"
  | "resend"
  | "help";

const ACTS: Readonly<Record<string, KeyAct | undefined>> = {
  j: "next",
  k: "previous",
  "/": "search",
  s: "find",
  n: "create",
  m: "write",
  r: "resend",
  "?": "help",
};

type Pressed = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
};

/** The act of a key, or null while somebody types, holds a modifier, or a dialog is open. */
export function actOf(pressed: Pressed, typing: boolean, inDialog: boolean): KeyAct | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.isComposing) return null;
  if (typing || inDialog) return null;
  return ACTS[pressed.key] ?? null;
}

/** What a page can do by keyboard; it registers while it is drawn. */
export type Handlers = Partial<Record<KeyAct, () => void>>;

const stack: Handlers[] = [];

/** Offer acts by keyboard; returns the way to withdraw them. The latest offer wins. */
export function offer(handlers: Handlers): () => void {
  stack.push(handlers);
  return () => {
    stack.splice(stack.indexOf(handlers), 1);
  };
}

export function handlerOf(act: KeyAct): (() => void) | null {
  for (let i = stack.length - 1; i >= 0; i -= 1) {
    const found = stack[i]?.[act];
    if (found !== undefined) return found;
  }
  return null;
}
