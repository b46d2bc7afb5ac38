/** What a page draws by real work is waited for as long as anything else (`tests/patience.ts`). */

import { configure } from "@testing-library/svelte";
import { WHILE } from "./patience";

configure({ asyncUtilTimeout: WHILE.timeout });
