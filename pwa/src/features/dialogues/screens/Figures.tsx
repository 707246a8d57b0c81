import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { Loading, useLoad } from "../../../design";
import { m } from "../../../i18n";
import { readFigures } from "../actions";
import type { Dialogue, DialogueFigures } from "../queries";

const rows: [keyof DialogueFigures, () => string][] = [
  ["most_viewers", m.figure_most_viewers],
  ["minutes", m.figure_minutes],
  ["asked", m.figure_asked],
  ["shown", m.figure_shown],
  ["answered_by_mark", m.figure_by_mark],
  ["answered_in_writing", m.figure_in_writing],
  ["merged", m.figure_merged],
  ["not_shown", m.figure_not_shown],
  ["votes", m.figure_votes],
  ["polls", m.figure_polls],
  ["talks", m.figure_talks],
  ["muted", m.figure_muted],
];

/** What it came to, in figures, for those who serve. */
export function FiguresFold({ dialogue }: { dialogue: Dialogue }) {
  const opened = useSignal(false);
  return (
    <details class="fold dialogue-figures" onToggle={(event) => (opened.value = event.currentTarget.open)}>
      <summary>{m.figures_title()}</summary>
      {opened.value && <Table dialogue={dialogue} />}
    </details>
  );
}

function Table({ dialogue }: { dialogue: Dialogue }) {
  const figures = useSignal<DialogueFigures | null>(null);
  const { error, load } = useLoad(async () => (figures.value = await readFigures(dialogue.dialogue_id)), [dialogue.dialogue_id, dialogue.revision]);
  const now = figures.value;
  if (now === null) return error === null ? <Loading /> : <NotFetched error={error} again={load} />;
  return (
    <table>
      <caption class="sr">{m.figures_title()}</caption>
      <tbody>
        {rows
          .filter(([name]) => name !== "minutes" || now.minutes !== undefined)
          .map(([name, words]) => (
            <tr key={name}>
              <th scope="row">{words()}</th>
              <td>{now[name] ?? m.figures_few()}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
