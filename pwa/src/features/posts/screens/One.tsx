import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { NotHere } from "../../../app/NotHere";
import { Stale } from "../../../app/Stale";
import { Empty, Icon, Loading, Page, useLoad } from "../../../design";
import { m } from "../../../i18n";
import { online } from "../../../sync/state";
import { useCounties } from "../../tips/screens/counties";
import { loadPost, postOf, type Post } from "../queries";
import { Article } from "./Article";
import { Film } from "./Film";
import { PostPicture } from "./Picture";
import { Share } from "./Share";

export function OnePost({ post_id }: { post_id: string }) {
  const there = useSignal<boolean | null>(null);
  const { busy, error, load } = useLoad(async () => (there.value = await loadPost(post_id)), [post_id, online.value]);
  const post = there.value === false ? undefined : postOf(post_id);
  const gone = there.value !== null && !post;
  return (
    <Page title={gone ? m.post_gone() : m.posts_title()} up="/posts">
      {post ? (
        <>
          {error !== null && !busy && <Stale text={m.tips_copy()} again={load} />}
          <Shown post={post} />
        </>
      ) : gone ? (
        <Empty title={m.post_gone_text()} />
      ) : error === null ? (
        <Loading />
      ) : (
        <NotFetched error={error} again={load} />
      )}
      <a class="button plain" href="/posts">
        {m.posts_all()}
        <Icon name="next" />
      </a>
      <NotHere />
    </Page>
  );
}

function Shown({ post }: { post: Post }) {
  const { counties } = useCounties();
  return (
    <>
      <Article post={post} counties={counties}>
        {post.files.map((file, i) => (file.is_film ? <Film key={file.file_id} post={post} file={file} /> : <PostPicture key={file.file_id} post_id={post.post_id} file={file} eager={i === 0} />))}
      </Article>
      <div class="post-talk">
        <a class="button wide" href="/">
          <Icon name="talk" />
          {m.post_talk()}
        </a>
        <p class="small">{m.post_talk_text()}</p>
      </div>
      <Share post={post} />
    </>
  );
}
