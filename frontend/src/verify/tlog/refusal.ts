/** Bytes that are not of their format: nothing can be said about them. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

/** Something well formed that proves nothing: a signature, quorum or path that does not hold. */
export class Unproven extends Error {
  override readonly name = "Unproven";
}
