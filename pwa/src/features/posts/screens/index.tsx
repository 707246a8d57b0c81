import "../../../design/posts.css";
import { NotFetched } from "../../../app/NotFetched";
import { NotHere } from "../../../app/NotHere";
import { Stale } from "../../../app/Stale";
import { Empty, Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { useCounties } from "../../tips/screens/counties";
import { topicName, topics } from "../../tips/screens/topics";
import { feed, loadPosts, narrowing, posts } from "../queries";
import { PostCard } from "./Card";

export { OnePost } from "./One";

const isNarrowed = (): boolean => narrowing.value.topic !== "" || narrowing.value.municipality !== "";

/** What the patrol tells all youths, the newest first. */
export function Posts() {
  const { topic, municipality } = narrowing.value;
  return (
    <Page title={m.posts_title()} up="/tips" lead={m.posts_lead()}>
      {(isNarrowed() || posts.value.length > 0) && <Narrow />}
      {/* Another choice is another list, which waits for no answer to the one before. */}
      <List key={`${topic}/${municipality}`} />
      <NotHere />
    </Page>
  );
}

function List() {
  const more = useTask();
  const list = feed.value.list.value;
  const { busy, error, load } = useLoad(loadPosts, [online.value]);
  const shown = posts.value;
  const none = shown.length === 0;
  return (
    <>
      {error !== null && (none ? <NotFetched error={error} again={load} /> : <Stale text={m.posts_copy_films()} again={load} />)}
      {none && error === null && (busy || list === null) && <Loading />}
      {none && error === null && !busy && list !== null && (isNarrowed() ? <Empty title={m.posts_empty_narrowed()} /> : <Empty title={m.posts_empty()} text={m.posts_empty_text()} />)}
      <ul class="post-list">
        {shown.map((post, i) => (
          <PostCard key={post.post_id} post={post} first={i === 0} />
        ))}
      </ul>
      {list?.next !== undefined && (
        <button type="button" class="button plain" disabled={more.busy} onClick={() => void more.run(feed.value.more)}>
          {m.posts_more()}
        </button>
      )}
      <Failed error={more.error} />
    </>
  );
}

function Narrow() {
  const { counties } = useCounties();
  const { topic, municipality } = narrowing.value;
  return (
    <div class="pair">
      <label class="field">
        {m.tips_filter_topic()}
        <select value={topic} onChange={(event) => (narrowing.value = { topic: event.currentTarget.value, municipality })}>
          <option value="">{m.tips_all_topics()}</option>
          {topics.map((one) => (
            <option key={one} value={one}>
              {topicName(one)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {m.tips_filter_place()}
        <select value={municipality} onChange={(event) => (narrowing.value = { topic, municipality: event.currentTarget.value })}>
          <option value="">{m.tips_all_places()}</option>
          {counties?.map((county) => (
            <optgroup key={county.code} label={county.name}>
              {county.municipalities.map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
    </div>
  );
}
