import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Icon, Lamp, Loading, Mark, Page, useLoad, useTask } from "../../../design";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { lastWords, readable } from "../../../i18n/readable";
import { day, when } from "../../../i18n/time";
import { me } from "../../identity/queries";
import { listAsked, listErasures, listHolds, listReviews, listRules, markReviewed } from "../actions";
import { recordOf, standing, undecidedCount, type DueReview, type Erasure, type Rule, type SubjectKind } from "../queries";
import { sourceWords } from "./sources";
import { keptKinds, reasons, regimes, roles } from "./words";

/** One list of the page. It stands by itself: one that does not come takes nothing from the others. */
function Part<T>(props: { title: string; none: string; load: () => Promise<T[]>; again?: unknown; uncounted?: boolean; children: (items: T[], reload: () => void) => ComponentChildren }) {
  const items = useSignal<T[] | null>(null);
  const { busy, error, load } = useLoad(async () => (items.value = await props.load()), [props.again]);
  const count = items.value?.length ?? 0;
  return (
    <section class="block">
      <h2>{count > 0 && !props.uncounted ? m.desk_count({ title: props.title, count }) : props.title}</h2>
      {busy && !items.value && <Loading />}
      {error !== null && <NotFetched error={error} again={load} />}
      {items.value && (count === 0 ? <p class="small">{props.none}</p> : props.children(items.value, load))}
    </section>
  );
}

const kinds: Record<SubjectKind, () => string> = { conversation: m.talk_title, report: m.desk_report_tab };
const places: Record<SubjectKind, string> = { conversation: "talk", report: "report" };

/** A way to the record, known again by its words where this phone has them. */
function RecordRow({ kind, id, children, fresh }: { kind: SubjectKind; id: string; children: ComponentChildren; fresh?: boolean }) {
  const row = recordOf(kind, id);
  const words = row && ("what" in row ? readable(row.what) : lastWords(row));
  return (
    <a class={fresh ? "talk-row new" : "talk-row"} href={`/desk/${places[kind]}/${id}/record`}>
      <span class="talk-row-words">
        <b>{kinds[kind]()}</b>
        {words && <span class="one-line">{words}</span>}
        <small>{children}</small>
      </span>
      <Icon name="next" />
    </a>
  );
}

function Review({ due, reload }: { due: DueReview; reload: () => void }) {
  const { busy, error, run } = useTask();
  return (
    <li class="due">
      <RecordRow kind={due.subject_kind} id={due.subject_id}>
        {due.reviewed_at ? m.review_last({ when: day(due.reviewed_at) }) : m.review_made({ when: day(due.made_at) })}
      </RecordRow>
      <button
        type="button"
        class="button plain"
        disabled={busy}
        onClick={() => void run(() => markReviewed(due.subject_kind, due.subject_id)).then((done) => done && reload())}
      >
        {m.review_do()}
      </button>
      <Failed error={error} />
    </li>
  );
}

function Erasures() {
  const items = useSignal<Erasure[] | null>(null);
  const next = useSignal<string | undefined>(undefined);
  const { busy, error, run } = useTask();
  const more = () =>
    void run(async () => {
      const page = await listErasures(next.value);
      items.value = [...(items.value ?? []), ...page.items];
      next.value = page.next;
    });
  useEffect(more, []);
  return (
    <section class="block">
      <h2>{m.records_erased()}</h2>
      {busy && !items.value && <Loading />}
      {error !== null && <NotFetched error={error} again={more} />}
      {items.value?.length === 0 && <p class="small">{m.records_erased_none()}</p>}
      <ol class="looks">
        {items.value?.map((one) => (
          <li key={one.subject_id}>
            {one.by ? <Lamp number={one.by} /> : <Mark lit={false} />}
            <span>
              <b>{kinds[one.subject_kind]()}</b> · {reasons[one.reason]()}
              <small>
                <time dateTime={one.at}>{when(one.at)}</time>
                {!one.removed_at ? ` · ${m.erased_under_way()}` : ` · ${m.erased_count({ messages: one.messages, files: one.files })}`}
              </small>
            </span>
          </li>
        ))}
      </ol>
      {next.value !== undefined && (
        <button type="button" class="button plain" disabled={busy} onClick={more}>
          {m.looks_more()}
        </button>
      )}
    </section>
  );
}

const howLong = (rule: Rule): string => (rule.days === undefined ? m.rule_unlimited() : m.rule_days({ count: rule.days }));

/** What leads decide on and answer for; nobody else asks the server for it. */
export const Records = () => (
  <Page title={m.records_title()} up="/desk/me">
    {me.value?.role === "lead" ? <Lists /> : <p class="notice">{m.leads_only()}</p>}
  </Page>
);

/** Who waits, what is looked through each year, what stays, what has gone, and by which rules. */
const Lists = () => (
  <>
    <Part title={m.records_asked()} none={m.records_asked_none()} load={listAsked} again={undecidedCount.value}>
      {(items) => (
        <ul class="rows">
          {items.map((one) => (
            <li key={one.subject_id}>
              <RecordRow kind={one.subject_kind} id={one.subject_id} fresh>
                {m.records_asked_at({ when: when(one.asked_at) })} · {roles[one.person_role]()}
              </RecordRow>
            </li>
          ))}
        </ul>
      )}
    </Part>
    <Part title={m.records_reviews()} none={m.records_reviews_none()} load={listReviews}>
      {(items, reload) => (
        <ul class="rows">
          {items.map((due) => (
            <Review key={due.subject_id} due={due} reload={reload} />
          ))}
        </ul>
      )}
    </Part>
    <Part title={m.records_holds()} none={m.records_holds_none()} load={listHolds}>
      {(items) => (
        <ul class="rows">
          {items.map((hold) => (
            <li key={hold.subject_id}>
              <RecordRow kind={hold.subject_kind} id={hold.subject_id}>
                {m.hold_stands({ when: day(hold.until) })} · {readable(hold.reason)}
              </RecordRow>
            </li>
          ))}
        </ul>
      )}
    </Part>
    <Erasures />
    <Part title={m.records_rules()} none={m.records_rules_none()} load={listRules} uncounted>
      {(items) => (
        <dl class="facts">
          {standing(items, Date.now()).map(({ now, later }) => (
            <div key={`${now.kind} ${now.regime}`}>
              <dt>
                {keptKinds[now.kind]()} · {regimes[now.regime]()}
              </dt>
              <dd class="strong">{howLong(now)}</dd>
              <dd class="small">{sourceWords(now.source)}</dd>
              {later.map((rule) => (
                <dd key={rule.valid_from} class="small">
                  {m.rule_later({ when: day(rule.valid_from), long: howLong(rule) })}
                </dd>
              ))}
            </div>
          ))}
        </dl>
      )}
    </Part>
  </>
);
