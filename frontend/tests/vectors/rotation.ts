/** What tests/vectors/audit/rotation.json holds; for tests only. */
import { readFileSync } from "node:fs";

type Vectors = {
  origin: string;
  start: number;
  end: number;
  keys: { a: string; b: string; c: string };
  witness: string;
  stranger: string;
  first: string;
  line: string;
  second: string;
  second_line: string;
  rival_line: string;
  other_line: string;
  circle_line: string;
  successors: Record<string, string>;
  malformed: Record<string, string>;
  unproven: Record<string, string>;
  checkpoint: { a: string; ab: string; b: string; c: string };
  cosigned: Record<"in time" | "late" | "late, by the new key", string>;
};

const FILE = new URL("../../../tests/vectors/audit/rotation.json", import.meta.url);

export const ROTATION = JSON.parse(readFileSync(FILE, "utf8")) as Vectors;
