/** One fact that outlives a reload and says nothing about anybody: present or not. */

import type { StoreFactory } from "./backend";

export class Mark {
  constructor(
    private readonly stores: StoreFactory,
    private readonly name: string,
  ) {}

  async isSet(): Promise<boolean> {
    return this.#in(async (store) => (await store.get(this.name)) !== undefined);
  }

  set(): Promise<void> {
    const row = { key: this.name, revision: 0, bytes: new Uint8Array() };
    return this.#in((store) => store.write({ put: [row], remove: [] }));
  }

  clear(): Promise<void> {
    return this.#in((store) => store.write({ put: [], remove: [this.name] }));
  }

  async #in<T>(act: (store: Awaited<ReturnType<StoreFactory["open"]>>) => Promise<T>): Promise<T> {
    const store = await this.stores.open("casehub-marks");
    try {
      return await act(store);
    } finally {
      await store.close();
    }
  }
}
