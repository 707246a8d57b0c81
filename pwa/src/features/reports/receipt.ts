import type { Report, SentFile } from "../../api/wire";
import { m } from "../../i18n";
import { sizeWords } from "../../i18n/size";
import { stamp } from "../../i18n/stamp";
import type { FileRow } from "../../sync/rows";
import { kindWords } from "../files/words";

/** `sum`: not words, but letters to be compared one by one. `after`: what is said of it. */
export interface Fact {
  name: string;
  says: string;
  sum?: string;
  after?: string;
}

/** That a report was received, without a word of what it says. */
export interface Receipt {
  title: string;
  number: string;
  facts: Fact[];
}

function factOf(file: SentFile, nth: number, here: FileRow | undefined): Fact {
  const name = m.receipt_file({ number: nth + 1, kind: kindWords(file.media_type), size: sizeWords(file.size) });
  if (file.state === "refused") return { name, says: m.receipt_refused() };
  return {
    name,
    says: file.complete ? m.receipt_whole() : m.receipt_coming(),
    sum: file.sha256,
    ...(file.complete && here?.sha256 === file.sha256 ? { after: m.receipt_same() } : {}),
  };
}

export function receiptOf(report: Report, onPhone: FileRow[], address: string, now: number): Receipt {
  const { number, recorded_at, submitted_at, police_number, files } = report;
  const back = m.receipt_back_text({ address, more: m.nav_more(), open: m.more_open() });
  return {
    title: m.receipt_title(),
    number,
    facts: [
      { name: m.receipt_sent(), says: stamp(recorded_at) },
      { name: m.receipt_received(), says: stamp(submitted_at) },
      ...(police_number === undefined ? [] : [{ name: m.receipt_registered(), says: police_number }]),
      ...(files.length === 0 ? [{ name: m.receipt_files(), says: m.receipt_no_files() }] : []),
      ...files.map((file, nth) => factOf(file, nth, onPhone.find((row) => row.file_id === file.file_id))),
      { name: m.receipt_back(), says: back },
      ...(police_number === undefined ? [{ name: m.receipt_kind(), says: m.tell_not_police_report() }] : []),
      { name: m.receipt_made(), says: stamp(now) },
    ],
  };
}

export const asText = ({ title, number, facts }: Receipt): string =>
  [`${title} ${number}`, ...facts.map(({ name, says, sum, after }) => [name, says, sum, after].filter(Boolean).join("\n"))].join("\n\n") + "\n";

/** A name that tells nobody anything. */
export const nameOf = (now: number, ending: "png" | "txt"): string => `${new Date(now).toLocaleDateString("sv-SE")}.${ending}`;
