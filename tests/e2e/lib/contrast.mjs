// The contrast of a text against what is really painted behind it, for where axe gives up: a gradient, or a bar that lies over the place.
const painters = new WeakMap();

/** A page of its own in the same browser, free of the app's policy, that reads pictures. */
async function painter(context) {
  if (!painters.has(context)) painters.set(context, await context.newPage());
  return painters.get(context);
}

/** In the page: where the first lines of the element's own text stand. */
const ownLines = (one) =>
  [...one.childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    .flatMap((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()];
    })
    .map(({ left, top, right, bottom }) => [Math.max(0, left), Math.max(0, top), Math.min(innerWidth, right), Math.min(innerHeight, bottom)].map(Math.round))
    .map(([x, y, right, bottom]) => ({ x, y, width: right - x, height: bottom - y }))
    .filter(({ width, height }) => width > 1 && height > 1)
    .slice(0, 3);

/** The lowest ratio over all pixels behind the element's own text, and the ratio that a text of its size needs; null without text. */
export async function paintedContrast(page, { html, target }) {
  // Where axe finds no selector it names the whole page, so what it quotes counts first.
  const element = await page.evaluateHandle(
    ({ html, selector }) => [...document.querySelectorAll("body *")].find((one) => one.outerHTML === html) ?? document.querySelector(selector),
    { html, selector: target[0] },
  );
  const { color, needs } = await element.evaluate((one) => {
    one.scrollIntoView({ block: "center", behavior: "instant" });
    const { color, fontSize, fontWeight } = getComputedStyle(one);
    const size = parseFloat(fontSize);
    return { color, needs: size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5 };
  });
  const boxes = await element.evaluate(ownLines);
  await element.evaluate((one) => one.style.setProperty("-webkit-text-fill-color", "transparent", "important"));
  const pictures = [];
  for (const clip of boxes) pictures.push((await page.screenshot({ clip, scale: "css" })).toString("base64"));
  await element.evaluate((one) => one.style.removeProperty("-webkit-text-fill-color"));
  // A state that changed above has pushed it away, and something else was in the picture.
  if (JSON.stringify(await element.evaluate(ownLines)) !== JSON.stringify(boxes)) throw new Error("it moved while it was looked at");
  const ratios = await (await painter(page.context())).evaluate(
    async ({ pictures, color }) => {
      const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
      const pen = new OffscreenCanvas(1, 1).getContext("2d");
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, alpha] = pen.getImageData(0, 0, 1, 1).data;
      const lowest = [];
      for (const picture of pictures) {
        const image = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), (one) => one.charCodeAt(0))], { type: "image/png" }));
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        const { data } = canvas.getImageData(0, 0, image.width, image.height);
        const behind = new Set();
        for (let i = 0; i < data.length; i += 4) behind.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
        for (const one of behind) {
          const under = [one >> 16, (one >> 8) & 255, one & 255];
          const over = [r, g, b].map((value, i) => (value * alpha + under[i] * (255 - alpha)) / 255);
          const [dark, bright] = [light(under), light(over)].sort((a, b) => a - b);
          lowest.push((bright + 0.05) / (dark + 0.05));
        }
      }
      return lowest;
    },
    { pictures, color },
  );
  return ratios.length ? { needs, ratio: Math.min(...ratios) } : null;
}
