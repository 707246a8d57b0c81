import { m } from "../../../i18n";

/** What telling us reveals, what the police must do, and who may learn: said where it is done. */
export const Act = ({ title }: { title: string }) => (
  <section class="card">
    <h2>{title}</h2>
    <ul class="plain-list dotted">
      <li>{m.tell_act_read()}</li>
      <li>{m.tell_act_official()}</li>
      <li>{m.tell_act_must()}</li>
      <li>{m.tell_act_tip()}</li>
      <li>{m.tell_not_police_report()}</li>
    </ul>
    <a class="button quiet" href="/parents">
      {m.parents_title()}
    </a>
  </section>
);
