import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { encode } from "uqr";
import { NotFetched } from "../../../app/NotFetched";
import { Confirm, Icon, Loading, Mark, Page, Title, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { youthsHome } from "../home";
import { endPoster, makePoster, posters, type Poster } from "../invites";
import { linkTo } from "../link";
import { CopyLink } from "./CopyLink";
import { walked } from "../../quarters/shifts";
import { quarterWords, useQuarters, WhichQuarter } from "./WhichQuarter";

/** Lasting links of quarters, to be printed: for many, without a word. */
export function Posters() {
  const { list, waiting } = useQuarters();
  const all = useSignal<Poster[] | null>(null);
  const chosen = useSignal("");
  const place = useSignal("");
  const { busy, error, run } = useTask();
  const load = () => void run(async () => (all.value = await posters()));
  useEffect(load, []);
  useEffect(() => {
    chosen.value ||= walked(list.value ?? [])[0]?.quarter_id ?? "";
  }, [list.value]);
  const make = () =>
    void run(async () => {
      await makePoster(chosen.value, place.value.trim());
      place.value = "";
      all.value = await posters();
    });
  if (list.value === null || all.value === null)
    return (
      <Page title={m.posters_title()} up="/desk/me" lead={m.posters_lead()}>
        {list.value === null || error === null ? waiting : <NotFetched error={error} again={load} />}
      </Page>
    );
  return (
    <Page title={m.posters_title()} up="/desk/me" lead={m.posters_lead()}>
      {walked(list.value).length === 0 ? (
        <p class="notice">{m.quarter_none()}</p>
      ) : (
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            make();
          }}
        >
          <WhichQuarter list={walked(list.value)} chosen={chosen} />
          <label class="field">
            {m.poster_place()}
            <input autocomplete="off" maxLength={100} value={place.value} onInput={(event) => (place.value = event.currentTarget.value)} />
          </label>
          <button type="submit" class="button wide" disabled={busy || chosen.value === "" || place.value.trim() === ""}>
            {m.poster_make()}
          </button>
        </form>
      )}
      <Failed error={error} />
      <ul class="rows">
        {all.value.map((poster) => (
          <li key={poster.poster_id} class="talk-row">
            <span class="talk-row-words">
              <b>{poster.place}</b>
              <small>
                {quarterWords(list.value ?? [], poster.quarter_id)} · {poster.ended_at === undefined ? when(poster.made_at) : m.poster_ended({ when: when(poster.ended_at) })}
              </small>
              {poster.ended_at === undefined && (
                <span class="row">
                  <a class="button plain" href={`/desk/poster/${poster.poster_id}`} aria-label={m.poster_show_named(poster)}>
                    {m.poster_show()}
                  </a>
                  <Confirm
                    label={m.poster_end()}
                    name={m.poster_end_named(poster)}
                    ask={m.poster_end_sure()}
                    yes={m.poster_end()}
                    onYes={() => void run(async () => (await endPoster(poster.poster_id), (all.value = await posters())))}
                    busy={busy}
                    quiet
                  />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Page>
  );
}

/** One square of the path for each dark one of the code; the border of four that cameras look for is in it. */
function Code({ link }: { link: string }) {
  const { data, size } = encode(link, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={m.poster_code()} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** What hangs on the wall: printed, it is all there is on the paper. */
export function Sheet({ id }: { id: string }) {
  const { list, waiting } = useQuarters();
  const poster = useSignal<Poster | null | undefined>(null);
  const { error, run } = useTask();
  const load = () => void run(async () => (poster.value = (await posters()).find((one) => one.poster_id === id)));
  useEffect(load, []);
  const now = poster.value;
  if (list.value === null || now === null)
    return (
      <Page title={m.poster_tab()} up="/desk/posters">
        {list.value === null ? waiting : error === null ? <Loading /> : <NotFetched error={error} again={load} />}
      </Page>
    );
  if (now === undefined || now.ended_at !== undefined)
    return (
      <Page title={m.poster_tab()} up="/desk/posters">
        <p class="notice">{now ? m.poster_ended({ when: when(now.ended_at ?? "") }) : m.problem_not_found()}</p>
      </Page>
    );
  const link = linkTo(youthsHome(), id);
  return (
    <main id="main" class="page">
      <section class="card sheet">
        <Mark />
        <Title>{m.sheet_title()}</Title>
        <p class="lead">{m.sheet_text()}</p>
        <Code link={link} />
        <p class="strong">{quarterWords(list.value, now.quarter_id)}</p>
        <p>{m.sheet_danger()}</p>
        <p class="small">{m.sheet_sure({ address: new URL(link).host })}</p>
      </section>
      <div class="row unprinted">
        <button type="button" class="button" onClick={() => print()}>
          {m.poster_print()}
        </button>
        <a class="button quiet" href="/desk/posters">
          <Icon name="back" />
          {m.posters_title()}
        </a>
      </div>
      <div class="unprinted">
        <CopyLink link={link} label={m.poster_link()} />
      </div>
    </main>
  );
}
