/** What tests/vectors/audit/receipts.json holds; for tests only. */
import { readFileSync } from "node:fs";

type Vectors = {
  origin: string;
  promise_vkey: string;
  events: {
    salt: string;
    payload: string;
    commitment: string;
    leaf: string;
    promise: string;
    note: string;
  }[];
};

const FILE = new URL("../../../tests/vectors/audit/receipts.json", import.meta.url);

export const RECEIPTS = JSON.parse(readFileSync(FILE, "utf8")) as Vectors;
