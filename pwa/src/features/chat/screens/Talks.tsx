import { Empty, Page } from "../../../design";
import { m } from "../../../i18n";
import { conversations } from "../queries";
import { TalkRow } from "./TalkRow";

export const Talks = () => (
  <Page title={m.home_talks()} up="/">
    {conversations.value.length === 0 ? (
      <Empty title={m.talk_empty()}>
        <a class="button" href="/">
          {m.home_title()}
        </a>
      </Empty>
    ) : (
      <ul class="rows">
        {conversations.value.map((talk) => (
          <TalkRow key={talk.conversation_id} talk={talk} />
        ))}
      </ul>
    )}
  </Page>
);
