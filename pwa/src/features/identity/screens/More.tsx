import { LanguageChoice } from "../../../app/LanguageChoice";
import { Icon, Page } from "../../../design";
import { m } from "../../../i18n";
import { unsentCount } from "../../../sync/state";

const Way = ({ to, name }: { to: string; name: string }) => (
  <li>
    <a href={to}>
      {name}
      <Icon name="next" />
    </a>
  </li>
);

export const More = () => (
  <Page title={m.more_title()}>
    {unsentCount.value > 0 && (
      <ul class="menu">
        <Way to="/unsent" name={m.unsent_menu({ count: unsentCount.value })} />
      </ul>
    )}
    <ul class="menu">
      <Way to="/device" name={m.more_code()} />
      <Way to="/open" name={m.more_open()} />
      <Way to="/reports" name={m.more_reports()} />
      <Way to="/data" name={m.data_title()} />
      <Way to="/notices" name={m.more_notices()} />
      <Way to="/safe" name={m.safe_title()} />
      <Way to="/shared" name={m.shared_title()} />
    </ul>
    <ul class="menu">
      <Way to="/patrol" name={m.board_title()} />
      <Way to="/guides" name={m.guides_title()} />
      <Way to="/parents" name={m.parents_title()} />
    </ul>
    <ul class="menu">
      <Way to="/privacy" name={m.more_privacy()} />
      <Way to="/about" name={m.more_about()} />
      <Way to="/who" name={m.who_title()} />
      <Way to="/accessibility" name={m.more_access()} />
    </ul>
    <LanguageChoice />
    <section class="block">
      <h2>{m.more_help()}</h2>
      <ul class="menu">
        <li>
          <a href="tel:116111">
            {m.more_bris()}
            <Icon name="phone" />
          </a>
        </li>
      </ul>
    </section>
    <ul class="menu">
      <Way to="/sign-in" name={m.more_officer()} />
    </ul>
  </Page>
);
