import { lazy } from "../../../app/lazy";
import { code, deviceAdded } from "../queries";
import { m } from "../../../i18n";

/** Parts of the first screens that are due only once something was sent, and so come apart from them. */
export const loadCards = () => import("./CodeCard");

const Code = lazy(() => loadCards().then((part) => part.CodeCard), "quiet");
const Added = lazy(() => loadCards().then((part) => part.DeviceAdded), "quiet");

export const CodeCard = () => (code.value === null ? null : <Code />);

export const DeviceAdded = () => (
  <div role="status">
    {deviceAdded.value !== null && (
      <Added>
        <a class="button plain" href="/device">
          {m.device_new_code()}
        </a>
      </Added>
    )}
  </div>
);
