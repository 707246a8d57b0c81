import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Guide as Lines, Helper } from "../../../api/wire";
import { Empty, Icon, Loading, Page, Trouble } from "../../../design";
import { locale, m } from "../../../i18n";
import { useQuestionnaire } from "../documents";
import { said } from "./words";

type Tongue = "sv" | "easy" | "en";

/** Short advice, by what has happened. */
export function Guides() {
  const { document, failed, again } = useQuestionnaire();
  return (
    <Page title={m.guides_title()} up="/more" lead={m.guides_lead()}>
      {!document && (failed ? <Trouble text={m.tell_questions_failed()} again={again} /> : <Loading />)}
      {document && (
        <ul class="menu">
          {document.kinds.map(({ kind, name }) => (
            <li key={kind}>
              <a href={`/guides/${kind}`}>
                {said(name)}
                <Icon name="next" />
              </a>
            </li>
          ))}
          <li>
            <a href="/parents">
              {m.parents_title()}
              <Icon name="next" />
            </a>
          </li>
        </ul>
      )}
    </Page>
  );
}

/** What to do, what to keep, what never to send and who helps. */
export function Guide({ kind: id }: { kind: string }) {
  const { document, failed, again } = useQuestionnaire();
  const tongue = useSignal<Tongue>(locale.value);
  const kind = document?.kinds.find((one) => one.kind === id);
  if (!document)
    return (
      <Page title={m.guides_title()} up="/guides">
        {failed ? <Trouble text={m.tell_questions_failed()} again={again} /> : <Loading />}
      </Page>
    );
  if (!kind)
    return (
      <Page title={m.guides_title()} up="/guides">
        <Empty title={m.guide_missing()}>
          <a class="button" href="/guides">
            {m.guides_title()}
          </a>
        </Empty>
      </Page>
    );
  const spoken = tongue.value === "en" ? "en" : "sv";
  return (
    <Page title={said(kind.name)} up="/guides">
      <TongueChoice tongue={tongue.value} onChoose={(chosen) => (tongue.value = chosen)} />
      <div class="guide" lang={spoken}>
        <Part title={m.guide_do_now({}, { locale: spoken })} lines={kind.guide.do_now[tongue.value]} />
        <Part title={m.guide_save({}, { locale: spoken })} lines={kind.guide.save[tongue.value]} />
        <Part title={m.guide_never_send({}, { locale: spoken })} lines={kind.guide.never_send[tongue.value]} never />
        <section class="block">
          <h2>{m.guide_who_helps({}, { locale: spoken })}</h2>
          <ul class="menu">
            {kind.guide.who_helps.map((helper) => (
              <Help key={helper.name.sv} helper={helper} tongue={tongue.value} />
            ))}
          </ul>
        </section>
      </div>
      <a class="button plain" href="/tell">
        <Icon name="tell" />
        {m.guide_tell()}
      </a>
      <a class="button quiet" href="/parents">
        {m.parents_title()}
      </a>
    </Page>
  );
}

const tongues = [
  ["sv", "Svenska"],
  ["easy", "Lättläst svenska"],
  ["en", "English"],
] as const;

/** Each is named in itself, for whoever reads only that one. */
function TongueChoice({ tongue, onChoose }: { tongue: Tongue; onChoose: (tongue: Tongue) => void }) {
  const id = useId();
  return (
    <fieldset>
      <legend class="sr">{m.guide_language()}</legend>
      <div class="chips">
        {tongues.map(([value, name]) => (
          <label class="chip" key={value} lang={value === "en" ? "en" : "sv"}>
            <input type="radio" name={id} checked={tongue === value} onChange={() => onChoose(value)} />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const Part = ({ title, lines, never }: { title: string; lines: Lines["save"]["sv"]; never?: boolean }) => (
  <section class={never ? "notice care" : "card"}>
    <h2>{title}</h2>
    <ul class="dotted">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  </section>
);

function Help({ helper: { name, tel, url }, tongue }: { helper: Helper; tongue: Tongue }) {
  // A number is not broken over two lines.
  const words = (name[tongue] ?? name.sv).replace(/(\d) (?=\d)/g, "$1\u00a0");
  const site = url && (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {tel ? new URL(url).host.replace(/^www\./, "") : words}
      <Icon name="next" />
    </a>
  );
  return (
    <li>
      {tel && (
        <a href={`tel:${tel}`}>
          {words}
          <Icon name="phone" />
        </a>
      )}
      {site}
      {!tel && !url && <p>{words}</p>}
    </li>
  );
}
