import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { bris, police } from "../helplines";

/** Who answers while we do not. `alone`: in danger there is one number. */
export const Numbers = ({ alone = false }: { alone?: boolean }) => (
  <ul class="numbers">
    <li>
      <a class="button alarm wide" href="tel:112">
        <Icon name="phone" />
        {m.sos_call()}
      </a>
    </li>
    {!alone &&
      [police, bris].map(({ name, number, tel }) => (
        <li key={tel}>
          <a class="button plain wide" href={`tel:${tel}`}>
            {m.help_call({ name: name(), number })}
          </a>
        </li>
      ))}
  </ul>
);
