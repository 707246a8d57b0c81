import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { m } from "../i18n";
import { Loading, Trouble } from "../design";

/** A screen in a part of its own. A part that cannot be fetched says so and can be tried again; it never leaves a blank page. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
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
    return failed ? <Trouble text={m.lazy_failed()} again={fetch} /> : <Loading />;
  };
}
