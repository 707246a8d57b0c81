import { Icon, Page } from "../../../design";
import { m } from "../../../i18n";

/** "Do my parents find out?", with what speaks against as well. */
export const Parents = () => (
  <Page title={m.parents_title()} up="/more" lead={m.parents_lead()}>
    <div class="prose">
      {(
        [
          [m.parents_1_title(), m.parents_1()],
          [m.parents_2_title(), m.parents_2()],
          [m.parents_3_title(), m.parents_3()],
          [m.parents_4_title(), m.parents_4()],
        ] as const
      ).map(([title, text]) => (
        <section key={title} class="prose">
          <h2>{title}</h2>
          <p>{text}</p>
        </section>
      ))}
    </div>
    <p class="small">{m.parents_law()}</p>
    <a class="button" href="/">
      <Icon name="talk" />
      {m.parents_ask()}
    </a>
    <a class="button plain" href="tel:116111">
      <Icon name="phone" />
      {m.more_bris()}
    </a>
  </Page>
);
