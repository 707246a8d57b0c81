import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Confirm, Loading, Page, useTask } from "../../../design";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { endDevice, listDevices, newCode } from "../actions";
import { code, codePending, me } from "../queries";
import { CodeDigits } from "./CodeCard";
import { DeviceAdded } from "./DeviceAdded";
import { ForgetPhone, forgottenWords } from "./ForgetPhone";

type Device = Awaited<ReturnType<typeof listDevices>>[number];

/** The code, the phones that it has let in, and the way to leave nothing behind on this one. */
export function Devices() {
  const shown = useSignal(false);
  const renewed = useSignal(false);
  const devices = useSignal<Device[] | null>(null);
  const list = useTask();
  const act = useTask();
  const forgotten = useSignal(false);
  const load = () => list.run(async () => (devices.value = await listDevices()));
  const renew = () =>
    act.run(async () => {
      shown.value = true;
      await newCode();
      renewed.value = true;
      await load();
    });
  useEffect(() => {
    if (me.value) void load();
  }, [me.value?.account_id]);

  if (!me.value && !code.value)
    return (
      <Page title={m.device_title()} up="/more">
        <p class={forgotten.value ? "notice strong" : undefined} role="status">
          {forgotten.value ? forgottenWords() : m.device_none()}
        </p>
        <a class="button" href="/open">
          {m.more_open()}
        </a>
      </Page>
    );

  return (
    <Page title={m.device_title()} up="/more">
      <div role="status">
        <DeviceAdded />
      </div>
      <section class="card">
        <h2>{m.device_code_title()}</h2>
        <p>{m.code_lead()}</p>
        {!code.value && <p>{m.device_code_absent()}</p>}
        <div role="status">
          {codePending.value && <p class="notice care">{m.device_code_pending()}</p>}
          {renewed.value && !codePending.value && <p class="strong">{m.device_new_code_done()}</p>}
        </div>
        {code.value && shown.value && (
          <>
            <CodeDigits digits={code.value} />
            <p class="code-warning">{m.code_warning()}</p>
          </>
        )}
        <div class="row">
          {code.value && (
            <button type="button" class="button plain" aria-expanded={shown.value} onClick={() => (shown.value = !shown.value)}>
              {shown.value ? m.device_code_hide() : m.device_code_show()}
            </button>
          )}
        </div>
        {codePending.value ? (
          <button type="button" class="button" disabled={act.busy} onClick={() => void renew()}>
            {m.retry()}
          </button>
        ) : (
          <>
            <p class="small">{m.device_new_code_text()}</p>
            <Confirm label={m.device_new_code()} ask={m.device_new_code_sure()} yes={m.device_new_code()} onYes={() => void renew()} />
          </>
        )}
        <Failed error={act.error} />
      </section>

      <section class="block">
        <h2>{m.device_list_title()}</h2>
        {list.busy && !devices.value && <Loading />}
        {list.error !== null && <NotFetched error={list.error} again={() => void load()} />}
        <ul class="rows">
          {devices.value?.map((device) => (
            <li class="talk-row" key={device.device_id}>
              <span class="talk-row-words">
                <b>{device.this ? m.device_this() : m.device_other()}</b>
                <small>{m.device_since({ when: when(device.created_at) })}</small>
              </span>
              {!device.this && (
                <Confirm
                  label={m.device_end()}
                  name={m.device_end_named({ when: when(device.created_at) })}
                  ask={m.device_end_named({ when: when(device.created_at) })}
                  yes={m.device_end()}
                  onYes={() => void act.run(() => endDevice(device.device_id).then(load))}
                />
              )}
            </li>
          ))}
        </ul>
      </section>

      <ForgetPhone onForget={() => (forgotten.value = true)} />
    </Page>
  );
}
