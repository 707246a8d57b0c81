import { contact, operator } from "../../../app/operator";
import { Page } from "../../../design";
import { m } from "../../../i18n";

const Parts = ({ parts }: { parts: [title: string, text: string][] }) => (
  <div class="prose">
    {parts.map(([title, text]) => (
      <section key={title} class="prose">
        <h2>{title}</h2>
        <p>{text}</p>
      </section>
    ))}
  </div>
);

export const About = () => (
  <Page title={m.about_title()} up="/more">
    <Parts
      parts={[
        [m.about_1_title(), m.about_1()],
        [m.about_2_title(), m.about_2()],
        [m.about_3_title(), m.about_3()],
        [m.about_4_title(), m.about_4({ operator })],
      ]}
    />
    {contact && (
      <a class="button quiet" href={contact}>
        {contact.replace(/^mailto:/, "")}
      </a>
    )}
  </Page>
);

export const Privacy = () => (
  <Page title={m.privacy_title()} up="/more">
    <Parts
      parts={[
        [m.privacy_1_title(), m.privacy_1()],
        [m.privacy_2_title(), m.privacy_2()],
        [m.privacy_3_title(), m.privacy_3()],
        [m.privacy_4_title(), m.privacy_4()],
        [m.privacy_5_title(), m.privacy_5()],
        [m.privacy_6_title(), m.privacy_6()],
      ]}
    />
  </Page>
);

export const Access = () => (
  <Page title={m.access_title()} up="/more">
    <Parts
      parts={[
        [m.access_1_title(), m.access_1()],
        [m.access_2_title(), m.access_2()],
        [m.access_3_title(), m.access_3()],
      ]}
    />
    <a class="button" href="/">
      {m.access_write()}
    </a>
    <a class="button quiet" href="https://www.digg.se/tdosanmalan" target="_blank" rel="noopener noreferrer">
      {m.access_digg()}
    </a>
  </Page>
);
