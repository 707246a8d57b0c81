import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import { when } from "../../../i18n/time";
import { topicName } from "../../tips/screens/topics";
import type { Post } from "../queries";
import { Thumb } from "./Picture";
import { textOf, titleOf } from "./words";

/** What it is about and where, in few words. */
export const about = ({ topic, quarter }: Pick<Post, "topic" | "quarter">): string => [topicName(topic), quarter?.name].filter(Boolean).join(" · ");

/** A post in the list: the newest with its picture across, the others beside theirs. */
export function PostCard({ post, first }: { post: Post; first: boolean }) {
  const title = inWords(titleOf(post), locale.value, false);
  const text = inWords(textOf(post), locale.value, false);
  const [file] = post.files;
  return (
    <li>
      <a class={first ? "post-card first" : "post-card"} href={`/posts/${post.post_id}`}>
        {file && <Thumb post_id={post.post_id} file={file} eager={first} />}
        <span class="post-card-words">
          <span class="post-about">{about(post)}</span>
          <b class="post-card-title" lang={title.lang}>
            {title.text}
          </b>
          <span class="post-card-text" lang={text.lang}>
            {text.text}
          </span>
          <small>
            {when(post.published_at)}
            {post.public_number !== undefined && ` · ${m.officer({ number: post.public_number })}`}
          </small>
        </span>
      </a>
    </li>
  );
}
