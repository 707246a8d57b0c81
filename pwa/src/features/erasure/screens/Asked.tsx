import { useEffect, useRef } from "preact/hooks";
import { kept } from "../../../app/kept";
import { m } from "../../../i18n";
import { readable } from "../../../i18n/readable";
import { when } from "../../../i18n/time";
import { askedOf, ownQuestion, recordOf, type SubjectKind } from "../queries";

/** What has become of a youth's question whether a talk or a report can be taken away; nothing while nobody has asked. */
export function Asked({ kind, id }: { kind: SubjectKind; id: string }) {
  const asked = askedOf(recordOf(kind, id), ownQuestion(kind, id));
  const answer = useRef<HTMLElement>(null);
  useEffect(() => {
    // It came after the screen had come to rest; an answer must not stand below it unseen.
    if (asked.state === "kept") answer.current?.scrollIntoView({ block: "nearest" });
  }, [asked.state]);
  return (
    <div role="status" class="asked">
      {asked.state === "saved" && <p class="notice">{kept(m.asked_saved)}</p>}
      {asked.state === "asked" && <p class="notice">{m.asked_at({ when: when(asked.at) })}</p>}
      {asked.state === "kept" && (
        <section class="notice" ref={answer}>
          <p class="strong">{m.asked_kept({ when: when(asked.at) })}</p>
          <p class="small">{m.asked_kept_why()}</p>
          <blockquote>{readable(asked.why)}</blockquote>
        </section>
      )}
      {asked.state === "needs-attention" && <p class="notice care">{m.asked_attention()}</p>}
    </div>
  );
}
