/** Listeners that are told once for all that changes in one turn. */
export class Told<T> {
  readonly #listeners = new Set<(value: T) => void>();
  #soon = false;

  constructor(private readonly now: () => T) {}

  /** Returns the way to stop. */
  listen(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    if (this.#soon) return;
    this.#soon = true;
    queueMicrotask(() => {
      this.#soon = false;
      const value = this.now();
      for (const listener of this.#listeners) listener(value);
    });
  }
}
