/** The one chord that a page and the frame in it both listen for. */

type Chord = {
  readonly code: string;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
};

/**
 * Whether this locks the page. It works while somebody types, with single keys turned off and in a file
 * that is looked at: by the place of the key, since Alt makes other letters of it on some keyboards.
 */
export function locks({ code, altKey, shiftKey, ctrlKey, metaKey }: Chord): boolean {
  return code === "KeyL" && altKey && shiftKey && !ctrlKey && !metaKey;
}
