import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { m } from "../i18n";
import { Loading, Trouble } from "../design";
import { storageState } from "../features/identity/queries";
import { online } from "../sync/state";

const reloads = (): boolean => online.value && storageState.value === "ok";

/**
 * A screen in a part of its own. A part that cannot be fetched says so; it never leaves a blank page. Some browsers remember
 * that it failed, and then only a reload helps, which nobody is led to where it would cost words or find no network.
 * `quiet`: a part of a screen that stands well without it.
 */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, how: "told" | "quiet" = "told"): ComponentType<P> {
  let ready: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [Screen, show] = useState<ComponentType<P> | null>(() => ready);
    const [failed, fail] = useState(false);
    const fetch = () => {
      fail(false);
      load().then(
        (loaded) => {
          ready = loaded;
          show(() => loaded);
        },
        () => fail(true),
      );
    };
    useEffect(() => {
      if (!ready) fetch();
    }, []);
    if (Screen) return <Screen {...props} />;
    if (how === "quiet") return null;
    if (!failed) return <Loading />;
    return reloads() ? <Trouble text={m.lazy_failed()} again={() => location.reload()} way={m.broken_reload()} /> : <Trouble text={m.lazy_failed()} again={fetch} />;
  };
}
