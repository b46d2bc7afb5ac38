import decodeQR from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { painted } from "../../../tests/ui/painted";
import { deviceCode } from "../../crypto/deviceStatement";
import { drawQr } from "../account/qr";
import { compared, comparedCode } from "./comparing";

const NUMBER = "099290047896079646624692541012454414325983106304440267365669";
const OTHER = `1${NUMBER.slice(1)}`;

describe("a safety number that somebody sent", () => {
  it.each([
    ["as it stands", NUMBER],
    ["in groups of five", NUMBER.replace(/(\d{5})/g, "$1 ")],
    ["in lines, with dashes", NUMBER.replace(/(\d{20})/g, "$1-\n")],
  ])("is the same %s", (_, text) => {
    expect(compared(text, NUMBER)).toBe("same");
  });

  it("is another where one digit differs", () => {
    expect(compared(OTHER, NUMBER)).toBe("other");
  });

  it.each([
    ["nothing", ""],
    ["fewer digits", NUMBER.slice(1)],
    ["more digits", `${NUMBER}0`],
    ["letters among them", `O${NUMBER.slice(1)}`],
  ])("is none where there is %s", (_, text) => {
    expect(compared(text, NUMBER)).toBe("nothing");
  });

  it("is read from the code that the other screen draws", () => {
    expect(compared(decodeQR(painted(drawQr(NUMBER))), NUMBER)).toBe("same");
    expect(compared(decodeQR(painted(drawQr(OTHER))), NUMBER)).toBe("other");
  });
});

describe("the code of a browser that asks to be a device", () => {
  const WORDS = ["abanico", "bahía", "cántaro", "dátil", "espiga", "farol"];
  const DEVICE = "9b1d44e0-1111-4222-8333-123456789abc";
  const code = deviceCode(DEVICE, WORDS);
  const read = (text: string) => comparedCode(decodeQR(painted(drawQr(text))), code);

  it("is the same, accents and all, where the other screen shows it", () => {
    expect(read(code)).toBe("same");
  });

  it.each([
    ["of other keys", deviceCode(DEVICE, [...WORDS.slice(0, 5), "gacela"])],
    ["of another browser", deviceCode(DEVICE.replace("9", "8"), WORDS)],
  ])("is another one %s", (_, other) => {
    expect(read(other)).toBe("other");
  });

  it("is none in a code of something else, or where nothing could be read", () => {
    expect(read(NUMBER)).toBe("nothing");
    expect(comparedCode("", code)).toBe("nothing");
  });
});
