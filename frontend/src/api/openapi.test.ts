import { readFile } from "node:fs/promises";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, it } from "vitest";

it("openapi.d.ts is what the server's document prints today: run `npm run api`", async () => {
  const document = new URL("../../../docs/reference/openapi.json", import.meta.url);
  const printed = COMMENT_HEADER + astToString(await openapiTS(document));
  expect(await readFile(new URL("./openapi.d.ts", import.meta.url), "utf8")).toBe(printed);
});
