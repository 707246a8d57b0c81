import { Empty, Page } from "../../../design";
import { m } from "../../../i18n";
import { conversations } from "../queries";
import { TalkRows } from "./TalkRow";

export const Talks = () => (
  <Page title={m.home_talks()} up="/">
    {conversations.value.length === 0 ? (
      <Empty title={m.talks_empty()}>
        <a class="button" href="/">
          {m.home_title()}
        </a>
      </Empty>
    ) : (
      <TalkRows talks={conversations.value} />
    )}
  </Page>
);
