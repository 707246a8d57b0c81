import "../../../design/rooms.css";
import { useSignal } from "@preact/signals";
import { m } from "../../../i18n";
import { readable } from "../../../i18n/readable";
import { hasFilm } from "../film";
import { markOf, spanOf } from "../marks";
import type { Room } from "../queries";
import { asAnswered } from "../room";
import { Film, type Jump } from "./Film";
import { RoomPolls } from "./Polls";
import { QuestionCard } from "./Questions";

/** What a dialogue came to: the film with where each question is answered, all questions with their answers, and the polls. */
export function Archive({ at }: { at: Room }) {
  const seen = hasFilm(at.dialogue);
  const jump = useSignal<Jump | null>(null);
  const all = asAnswered(at.questions);
  const marked = all.filter(({ mark_seconds }) => mark_seconds !== undefined);
  return (
    <>
      {seen && (
        <section class="block unprinted">
          <h2>{m.archive_film()}</h2>
          <Film dialogue={at.dialogue} jump={jump} />
          {marked.length > 0 && (
            <nav aria-label={m.archive_marks()}>
              <ol class="dialogue-marks">
                {marked.map(({ question_id, mark_seconds = 0, text }) => (
                  <li key={question_id}>
                    <button type="button" class="dialogue-jump" onClick={() => (jump.value = { seconds: mark_seconds })}>
                      <time dateTime={spanOf(mark_seconds)}>{markOf(mark_seconds)}</time>
                      <span>{readable(text)}</span>
                    </button>
                  </li>
                ))}
              </ol>
            </nav>
          )}
        </section>
      )}
      <section class="block">
        <h2>{m.archive_questions()}</h2>
        {all.length === 0 ? (
          <p class="small">{m.questions_none()}</p>
        ) : (
          <ol class="rows">
            {all.map((one) => (
              <QuestionCard key={one.question_id} question={one} jump={seen ? jump : null} heading>
                <span class="small">{m.question_votes({ count: one.votes })}</span>
              </QuestionCard>
            ))}
          </ol>
        )}
      </section>
      {at.polls.length > 0 && (
        <section class="block">
          <h2>{m.archive_polls()}</h2>
          <RoomPolls polls={at.polls} over heading="h3" />
        </section>
      )}
    </>
  );
}
