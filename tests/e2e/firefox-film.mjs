// A post's film in Firefox ESR: fetched when it is pressed, in parts, and seen from where one goes in it.
import { afterwards, eventually, expect, shows, suite, watch } from "./lib/cases.mjs";
import { aFilm } from "./lib/film.mjs";
import { openFirefox } from "./lib/firefox.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";

await suite("firefox-film", async () => {
  const server = await startServer({ name: "firefox-film" });
  const desk = await onDuty(server, "07");
  // A phone with little room: it holds less than half of the film at any time.
  const firefox = await openFirefox({ "media.memory_cache_max_size": 0, "media.cache_size": 1024, "media.cache_readahead_limit": 5, "media.cache_resume_threshold": 2 });
  afterwards(() => firefox.close());

  await shows("a film begins when it is pressed and not before, and goes on from near its end without the parts between", async () => {
    const text = { title: "Så går ett samtal till", text: "Vi visar steg för steg." };
    const post_id = await desk.posts(text, [{ bytes: aFilm(90), media_type: "video/mp4", alt: "En nätpolis berättar" }]);
    await eventually(async () => (await desk.plannedPosts()).find(({ post }) => post.post_id === post_id)?.state === "published", "the film is not ready", 120_000);
    const page = watch(await firefox.newPage());
    const asked = [];
    page.on("request", (request) => /\/files\/[^/]+\/(full|small)$/.test(request.url()) && asked.push(request.headers().range ?? ""));
    await page.goto(`${server.youths}/posts/${post_id}`);
    const video = await page.waitForSelector("video");
    expect(asked.length === 0, "the film was fetched before it was pressed");
    await video.evaluate((one) => {
      one.muted = true;
      return one.play();
    });
    await eventually(() => video.evaluate((one) => one.currentTime > 0 && one.videoWidth > 0), "it does not play");
    await video.evaluate((one) => (one.currentTime = one.duration - 20));
    await eventually(() => video.evaluate((one) => one.currentTime > one.duration - 20 && !one.seeking && one.readyState >= 3), "it does not go on from near its end");
    expect(asked.some((range) => /^bytes=[1-9]/.test(range)), `its parts were not asked for: ${asked}`);
  });
});
