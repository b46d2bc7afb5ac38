/** An act that this device cannot do; `code` has words in the catalogue of errors. */
export class NotPossible extends Error {
  override readonly name = "NotPossible";

  constructor(readonly code: string) {
    super(code);
  }
}
