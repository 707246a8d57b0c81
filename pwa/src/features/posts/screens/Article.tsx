import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Lamp } from "../../../design";
import { Easy } from "../../../design/Easy";
import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import { until, when } from "../../../i18n/time";
import { nameIn, type County } from "../../tips/screens/counties";
import type { Post, PostVersion } from "../queries";
import { paragraphs } from "../read";
import { about } from "./Card";
import { textOf, titleOf } from "./words";

type Written = Omit<Post, "files">;

/** A post as its reader sees it. `children`: its pictures or its film. */
export function Article({ post, counties, children }: { post: Written; counties: County[] | null; children?: ComponentChildren }) {
  const easy = useSignal(false);
  const title = inWords(titleOf(post), locale.value, false);
  const { text, lang } = inWords(textOf(post), locale.value, easy.value);
  const places = post.municipalities.map((code) => nameIn(counties, code)).join(", ");
  return (
    <article class="post">
      <p class="post-about">{[about(post), places].filter(Boolean).join(" · ")}</p>
      <h2 lang={title.lang}>{title.text}</h2>
      <p class="post-by">
        {post.public_number !== undefined && <Lamp number={post.public_number} />}
        <span>
          {post.public_number !== undefined && <b>{m.officer({ number: post.public_number })}</b>}
          <small>
            {when(post.published_at)}
            {post.expires_at !== undefined && ` · ${m.post_until({ when: until(post.expires_at) })}`}
          </small>
        </span>
      </p>
      {children}
      <div class="post-text" lang={lang}>
        {paragraphs(text).map((one, i) => (
          <p key={i}>{one}</p>
        ))}
      </div>
      {post.text_easy !== undefined && <Easy on={easy} />}
      {post.corrections !== undefined && post.corrections.length > 0 && <Corrections list={post.corrections} />}
    </article>
  );
}

/** When and why it was corrected, and what it said before by a press. */
const Corrections = ({ list }: { list: PostVersion[] }) => (
  <section class="post-corrections">
    {list.map((one) => {
      const [title, text] = [inWords(titleOf(one), locale.value, false), inWords(textOf(one), locale.value, false)];
      return (
        <div key={one.until}>
          <p class="strong">{m.post_corrected({ when: when(one.until), why: one.why })}</p>
          <details>
            <summary>{m.post_before()}</summary>
            <div class="post-before">
              <p class="small">{m.post_before_time({ from: when(one.from), until: when(one.until) })}</p>
              <p class="strong" lang={title.lang}>
                {title.text}
              </p>
              {paragraphs(text.text).map((part, i) => (
                <p key={i} lang={text.lang}>
                  {part}
                </p>
              ))}
            </div>
          </details>
        </div>
      );
    })}
  </section>
);
