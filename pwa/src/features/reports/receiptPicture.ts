import type { Receipt } from "./receipt";

// Twice what a phone's screen is wide, so that it can be read on another one too.
const WIDTH = 720;
const EDGE = 56;
const INK = "#12302f";
const SOFT = "#4a6361";
const PAPER = "#fbfaf5";
/** A sum in two lines of 32. */
const SUM_LINE = 32;
const WORDS = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const SUMS = "ui-monospace, 'SF Mono', 'Roboto Mono', Menlo, monospace";

interface Style {
  font: string;
  ink: string;
  line: number;
  /** Room above its first line. */
  above: number;
}

const STYLES = {
  title: { font: `700 30px ${WORDS}`, ink: SOFT, line: 40, above: 0 },
  number: { font: `700 46px ${SUMS}`, ink: INK, line: 60, above: 4 },
  name: { font: `600 24px ${WORDS}`, ink: SOFT, line: 32, above: 28 },
  says: { font: `400 29px ${WORDS}`, ink: INK, line: 40, above: 2 },
  sum: { font: `400 26px ${SUMS}`, ink: INK, line: 38, above: 6 },
} satisfies Record<string, Style>;

/** The receipt as a PNG on light paper: words are broken where the paper ends. */
export function drawReceipt({ title, number, facts }: Receipt): Promise<Blob> {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("nothing to draw with");
  const lines: { text: string; style: Style; first: boolean }[] = [];
  const put = (text: string, style: Style) => {
    pen.font = style.font;
    broken(text, (part) => pen.measureText(part).width <= WIDTH - 2 * EDGE).forEach((part, nth) => lines.push({ text: part, style, first: nth === 0 }));
  };
  put(title, STYLES.title);
  put(number, STYLES.number);
  for (const { name, says, sum, after } of facts) {
    put(name, STYLES.name);
    put(says, STYLES.says);
    if (sum !== undefined) put(sum.replace(new RegExp(`.{${SUM_LINE}}(?=.)`, "g"), "$& "), STYLES.sum);
    if (after !== undefined) put(after, STYLES.says);
  }
  canvas.width = WIDTH;
  canvas.height = lines.reduce((all, { style, first }) => all + style.line + (first ? style.above : 0), 2 * EDGE);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.textBaseline = "middle";
  let at = EDGE;
  for (const { text, style, first } of lines) {
    at += first ? style.above : 0;
    pen.font = style.font;
    pen.fillStyle = style.ink;
    pen.fillText(text, EDGE, at + style.line / 2);
    at += style.line;
  }
  return new Promise((go, fail) => canvas.toBlob((blob) => (blob ? go(blob) : fail(new Error("nothing was drawn"))), "image/png"));
}

/** Words in lines that fit. */
function broken(text: string, fits: (part: string) => boolean): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && !fits(longer)) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
