/** What a place to keep records must do; records are sealed before they get here. */

/** One record as the disk sees it: a name, a revision and ciphertext. */
export type Sealed = {
  readonly key: string;
  readonly revision: number;
  readonly bytes: Uint8Array;
};

export type Range = {
  /** First key, inclusive. */
  readonly from: string;
  /** Last key, exclusive. */
  readonly to: string;
  readonly limit?: number;
  /** From the end of the range backwards. */
  readonly reverse?: boolean;
};

export type Batch = { readonly put: readonly Sealed[]; readonly remove: readonly string[] };

/** An ordered map that survives a crash at any moment. */
export interface Backend {
  get(key: string): Promise<Sealed | undefined>;
  range(range: Range): Promise<Sealed[]>;
  /** All of it or nothing, and on the disk when the promise resolves. */
  write(batch: Batch): Promise<void>;
  close(): Promise<void>;
}

export interface StoreFactory {
  /** Open or create the store of this name (letters, digits and hyphens). */
  open(name: string): Promise<Backend>;
}

/** The range of all keys that begin with `prefix`. */
export function under(prefix: string): Range {
  return { from: prefix, to: `${prefix}\uffff` };
}
