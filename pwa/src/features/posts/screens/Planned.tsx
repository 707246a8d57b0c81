import { NotFetched } from "../../../app/NotFetched";
import { Confirm, Empty, Icon, Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { day, until, when } from "../../../i18n/time";
import { homePos } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { nameIn, useCounties, type County } from "../../tips/screens/counties";
import { dropPost, withdrawPost } from "../actions";
import { LONGEST_WHY } from "../draft";
import { corrections, loadMorePlanned, loadPlanned, planned, publishing, withdrawals, type PlannedPost, type PostState } from "../queries";
import { about } from "./Card";
import { Thumb } from "./Picture";
import { Arriving, Waiting } from "./Progress";

/** All posts, as officers see them: what is on its way, what will be shown, what is, and what was. */
export function PlannedPosts() {
  const more = useTask();
  const { counties } = useCounties();
  const { error, load } = useLoad(loadPlanned, [homePos.value, online.value]);
  const list = planned.value;
  const listed = new Set(list?.items.map(({ post }) => post.post_id));
  const going = publishing.value.filter(({ refused, body }) => !refused && !listed.has(body.post_id));
  return (
    <Page title={m.posts_desk()} up="/desk/tip">
      <a class="button" href="/desk/posts/new">
        {m.post_write()}
        <Icon name="next" />
      </a>
      {publishing.value.some(({ refused }) => refused) && (
        <p class="notice care" role="alert">
          {m.post_refused_here()} <a href="/desk/posts/new">{m.post_refused_edit()}</a>
        </p>
      )}
      {error !== null && <NotFetched error={error} again={load} />}
      {list === null && error === null && <Loading />}
      {list?.items.length === 0 && going.length === 0 && <Empty title={m.posts_desk_empty()} />}
      <ul class="rows">
        {going.map(({ action_id, body }) => (
          <li class="tip" key={action_id}>
            <span class="tag">{m.planned_going()}</span>
            <p lang="sv" class="strong">
              {body.title}
            </p>
            <Waiting files={(body.files ?? []).map(({ file }) => file)} />
          </li>
        ))}
        {list?.items.map((one) => (
          <Row key={one.post.post_id} one={one} counties={counties} />
        ))}
      </ul>
      {list?.next !== undefined && (
        <button type="button" class="button plain" disabled={more.busy} onClick={() => void more.run(loadMorePlanned)}>
          {m.posts_desk_older()}
        </button>
      )}
      <Failed error={more.error} />
    </Page>
  );
}

const stateNames: Record<PostState, () => string> = {
  preparing: m.post_state_preparing,
  damaged: m.post_state_damaged,
  planned: m.post_state_planned,
  published: m.post_state_published,
  expired: m.post_state_expired,
  withdrawn: m.post_state_withdrawn,
};

export function timeWords({ post: { published_at, expires_at }, state }: PlannedPost): string {
  if (state === "expired") return m.post_time_over({ from: when(published_at), until: day(expires_at ?? published_at) });
  const from = state === "published" ? m.post_time_since({ from: when(published_at) }) : m.post_time_planned({ from: until(published_at) });
  return [...(state === "planned" || state === "published" ? [from] : []), ...(expires_at === undefined ? [] : [m.post_time_until({ until: until(expires_at) })])].join(" ");
}

function Row({ one, counties }: { one: PlannedPost; counties: County[] | null }) {
  const { post, state, sent } = one;
  const isOver = state === "expired" || state === "withdrawn";
  const withdrawing = state !== "withdrawn" && withdrawals.value.some(({ refused, body }) => !refused && body.post_id === post.post_id);
  const correcting = corrections.value.some(({ refused, body }) => !refused && body.post_id === post.post_id);
  const [file] = post.files;
  const places = post.municipalities.map((code) => nameIn(counties, code)).join(", ") || m.tips_for_all();
  return (
    <li class="tip post-row">
      <div class="post-row-head">
        <div class="stack">
          <span class="tag">{withdrawing ? m.post_state_withdrawing() : stateNames[state]()}</span>
          <p lang="sv" class="post-card-title">
            {post.title}
          </p>
          <p class="small">{[about(post), places].join(" · ")}</p>
        </div>
        {state === "published" && file && <Thumb post_id={post.post_id} file={file} />}
      </div>
      <p lang="sv" class="four-lines">
        {post.text}
      </p>
      <p class="small">{[timeWords(one), post.public_number !== undefined && m.planned_by({ number: post.public_number })].filter(Boolean).join(" ")}</p>
      {state === "damaged" && <p class="notice care">{m.post_damaged_text()}</p>}
      {(state === "preparing" || state === "damaged") && <Arriving files={sent} />}
      {post.film_as_sent && !isOver && <p class="small">{m.post_film_as_sent()}</p>}
      {one.withdrawn_at !== undefined && (
        <p class="small strong">
          {when(one.withdrawn_at)} {m.post_withdrawn_by({ number: one.withdrawn_by ?? "", why: one.withdrawn_why ?? "" })}
        </p>
      )}
      {correcting && (
        <p class="small strong" role="status">
          {online.value ? m.post_correcting() : m.post_correcting_here()}
        </p>
      )}
      <Refused post_id={post.post_id} />
      {!isOver && !withdrawing && (
        <div class="row">
          {state === "published" && (
            <a class="button plain" href={`/posts/${post.post_id}`} target="_blank" rel="noreferrer" aria-label={`${m.post_open()}: ${post.title}`}>
              {m.post_open()}
            </a>
          )}
          {!correcting && (
            <a class="button plain" href={`/desk/posts/${post.post_id}/correct`} aria-label={`${m.post_correct()}: ${post.title}`}>
              {m.post_correct()}
            </a>
          )}
        </div>
      )}
      {!isOver && !withdrawing && <Withdraw one={one} />}
    </li>
  );
}

/** What was refused is seen before it goes; a correction is changed where it was written. */
function Refused({ post_id }: { post_id: string }) {
  const { busy, error, run } = useTask();
  const place = placeOf(post_id);
  return (
    <>
      {withdrawals.value
        .filter(({ refused, body }) => refused && body.post_id === post_id)
        .map(({ action_id, problem_kind, body }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.post_withdraw_refused()}</b> <Problem kind={problem_kind} />
            </p>
            <button
              type="button"
              class="button plain"
              disabled={busy}
              onClick={() =>
                void run(async () => {
                  keepForm(place, { why: body.why });
                  await dropPost(action_id);
                })
              }
            >
              {m.act_refused_seen()}
            </button>
          </div>
        ))}
      {corrections.value.some(({ refused, body }) => refused && body.post_id === post_id) && (
        <p class="notice care" role="alert">
          {m.post_correct_refused()} <a href={`/desk/posts/${post_id}/correct`}>{m.post_correct_edit()}</a>
        </p>
      )}
      <Failed error={error} />
    </>
  );
}

const placeOf = (post_id: string): string => `post-withdraw/${post_id}`;

/** Says why first, and is asked once more: it cannot come back. */
function Withdraw({ one: { post } }: { one: PlannedPost }) {
  const place = placeOf(post.post_id);
  const { why = "" } = halfForm<{ why?: string }>(place) ?? {};
  const { busy, error, run } = useTask();
  const withdraw = () =>
    void run(async () => {
      await withdrawPost({ post_id: post.post_id, expected_revision: post.revision, why: why.trim() });
      write(place, "");
    });
  return (
    <details class="fold" open={halfForm(place) !== undefined}>
      <summary aria-label={`${m.post_withdraw()}: ${post.title}`}>{m.post_withdraw()}</summary>
      <div class="block">
        <label class="field">
          {m.post_withdraw_why()}
          <textarea rows={2} maxLength={LONGEST_WHY} autocomplete="off" value={why} onInput={(event) => keepForm(place, { why: event.currentTarget.value })} />
        </label>
        {why.trim() === "" ? (
          <p class="small">{m.post_withdraw_needed()}</p>
        ) : (
          <Confirm label={m.post_withdraw()} name={`${m.post_withdraw()}: ${post.title}`} ask={m.post_withdraw_ask()} yes={m.post_withdraw()} busy={busy} onYes={withdraw} />
        )}
        <Failed error={error} />
      </div>
    </details>
  );
}
