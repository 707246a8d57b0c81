/** The largest that the server takes, in bytes. */
const LARGEST = 128 * 1024;

/** Captions as they go, or the line that is not right. */
export type Read = { vtt: string } | { line: number };

const MOMENT = /^(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})$/;
const PLACE = /^(vertical|line|position|size|align):[\w%.,-]+$/;
const MARK = /<\/?(b|c|i|lang|rt|ruby|u|v)([ .][^<>&"]*)?>/g;

function millis(text: string | undefined): number {
  const [, hours = "0", minutes, seconds, thousandths] = MOMENT.exec(text ?? "") ?? [];
  return minutes === undefined ? NaN : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(thousandths);
}

/** What films' programs write as SRT says the same in another form. */
const asVtt = (text: string): string => (/^\d+\s*\n[\d:]+,\d{3} --> /.test(text) ? `WEBVTT\n\n${text.replace(/(\d\d:\d\d),(\d{3})/g, "$1.$2")}` : text);

/** Reads captions as the server does, so that what it would refuse is told while it is written. Styles and regions are not taken. */
export function captionsOf(given: string): Read {
  const vtt = asVtt(given.replace(/^\ufeff/, "").replaceAll("\r\n", "\n").trim());
  const lines = vtt.split("\n");
  if (!/^WEBVTT([ \t]|$)/.test(lines[0] ?? "") || new TextEncoder().encode(vtt).length > LARGEST || vtt.includes("\0")) return { line: 1 };
  let [before, cues, head] = [0, 0, true];
  for (let at = 1; at < lines.length; ) {
    let end = at;
    while (end < lines.length && lines[end]?.trim()) end++;
    const block = lines.slice(at, end);
    const first = at + 1;
    at = end + 1;
    const isHead = head;
    head = false;
    if (block.length === 0) continue;
    const timed = block.findIndex((line) => line.includes("-->"));
    if (timed === -1 && (isHead || /^NOTE( |$)/.test(block[0] ?? ""))) continue;
    if (timed === -1 || timed > (isHead ? 0 : 1)) return { line: first };
    const [from, until, ...places] = (block[timed] ?? "").replace("-->", " ").trim().split(/\s+/);
    const [begins, ends] = [millis(from), millis(until)];
    if (!(begins >= before && begins < ends) || !places.every((place) => PLACE.test(place)) || block.length === timed + 1) return { line: first + timed };
    const odd = block.findIndex((line, i) => i > timed && /[<>]/.test(line.replace(MARK, "")));
    if (odd !== -1) return { line: first + odd };
    before = begins;
    cues++;
  }
  return cues === 0 ? { line: 1 } : { vtt };
}
