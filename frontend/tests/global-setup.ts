/** No test runs against an uncorrected ts-mls: a green run must mean the code that ships. */
import { assertPatched } from "../patches/ts-mls-1.6.4.mjs";

export default assertPatched;
