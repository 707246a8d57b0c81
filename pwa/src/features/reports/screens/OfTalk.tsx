import { m } from "../../../i18n";
import { handled } from "../handled";

/** In a talk: the reports that it is about, or that were made from it. `up`: where reports stand. */
export const OfTalk = ({ id, up }: { id: string; up: "/report" | "/desk/report" }) => (
  <>
    {handled.value
      .filter((report) => report.conversation_id === id)
      .map(({ report_id, number }) => (
        <p class="origin" key={report_id}>
          <a href={`${up}/${report_id}`}>{m.desk_report_title({ number })}</a>
        </p>
      ))}
  </>
);
