/** The page in the frame for pictures and text. */

import { Unsound } from "../files/judge/kinds";
import { pictureOf } from "../files/judge/pictures";
import { textOf } from "../files/judge/text";
import { canvasOf, fitting } from "./canvas";
import { described, type Shower, stand } from "./frame";
import "./viewer.css";

const picture: Shower = async (into, { bytes, label }) => {
  const { type, width, height, notes } = pictureOf(bytes);
  const drawn = await createImageBitmap(new Blob([bytes], { type }));
  const sides = [drawn.width, drawn.height].sort().join();
  // What is drawn is as large as was judged, turned or not.
  if (sides !== [width, height].sort().join()) throw new Unsound("damaged");
  const scale = fitting(drawn.width, drawn.height);
  const heading = described(into, label);
  const canvas = canvasOf(drawn.width * scale, drawn.height * scale, label);
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Unsound("decoder");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  into.append(canvas);
  return {
    pages: 1,
    notes,
    turn: async ({ zoom }) => {
      heading.textContent = label;
      canvas.style.maxWidth = zoom === 1 ? "100%" : "none";
      canvas.style.maxHeight = zoom === 1 ? "calc(100vh - 1rem)" : "none";
      canvas.style.width = zoom === 1 ? "auto" : `${Math.round(zoom * 100)}%`;
    },
  };
};

const text: Shower = async (into, { bytes, label }) => {
  const { text: shown, notes } = textOf(bytes);
  described(into, label);
  const block = document.createElement("pre");
  block.dir = "auto";
  block.textContent = shown;
  into.append(block);
  return {
    pages: 1,
    notes,
    turn: async ({ zoom }) => {
      block.style.fontSize = `${zoom}rem`;
    },
  };
};

stand({ picture, text });
