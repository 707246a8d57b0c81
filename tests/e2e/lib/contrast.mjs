// The contrast of a text against what is really painted behind it, for where axe gives up: a gradient, or a bar that lies over the place.
const painters = new WeakMap();

/** A page of its own in the same browser, free of the app's policy, that reads pictures. */
async function painter(context) {
  if (!painters.has(context)) painters.set(context, await context.newPage());
  return painters.get(context);
}

/** In the page: where the first lines of each element's own text stand. */
const ownLines = (elements) =>
  elements.map((one) =>
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
      .slice(0, 3),
  );

/** In the page: whether nothing lies over the lines of each element, as a bar does that stays in place. */
const inSight = (elements, boxes) =>
  elements.map((one, i) =>
    boxes[i].every(({ x, y, width, height }) =>
      [x + 1, x + width / 2, x + width - 2].every((left) =>
        [y + 1, y + height / 2, y + height - 2].every((down) => {
          const top = document.elementFromPoint(left, down);
          return top === one || one.contains(top);
        }),
      ),
    ),
  );

const touch = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Of each text: the lowest ratio over all pixels behind its own lines, and the ratio that a text of its size needs. */
export async function paintedContrasts(page, nodes) {
  // Where axe finds no selector it names the whole page, so what it quotes counts first.
  const elements = await page.evaluateHandle(
    (nodes) => {
      const all = [...document.querySelectorAll("body *")];
      return nodes.map(({ html, selector }) => {
        const found = all.find((one) => one.outerHTML === html) ?? document.querySelector(selector);
        if (!found) throw new Error(`${html.slice(0, 120)} is not on the screen any more`);
        return found;
      });
    },
    nodes.map(({ html, target }) => ({ html, selector: target[0] })),
  );
  const measured = nodes.map(() => undefined);
  for (let next = 0; next >= 0; next = measured.indexOf(undefined)) {
    await elements.evaluate((all, next) => all[next].scrollIntoView({ block: "center", behavior: "instant" }), next);
    const boxes = await elements.evaluate(ownLines);
    if (!boxes[next].length) throw new Error(`${nodes[next].html.slice(0, 120)} shows no text to measure`);
    const clear = await elements.evaluate(inSight, boxes);
    // One picture for all whose lines are in sight; lines that lie over each other are looked at apart, or one would hide with the other.
    const together = [next];
    for (let i = 0; i < nodes.length; i++)
      if (measured[i] === undefined && i !== next && boxes[i].length && clear[i] && !together.some((other) => boxes[other].some((a) => boxes[i].some((b) => touch(a, b))))) together.push(i);
    const styles = await elements.evaluate(
      (all, together) =>
        together.map((i) => {
          const { color, fontSize, fontWeight } = getComputedStyle(all[i]);
          const size = parseFloat(fontSize);
          all[i].style.setProperty("-webkit-text-fill-color", "transparent", "important");
          return { color, needs: size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5 };
        }),
      together,
    );
    const picture = (await page.screenshot({ scale: "css" })).toString("base64");
    await elements.evaluate((all, together) => together.forEach((i) => (all[i].style.removeProperty("-webkit-text-fill-color"), all[i].style.length || all[i].removeAttribute("style"))), together);
    // A state that changed above has pushed them away, and something else was in the picture.
    if (JSON.stringify(await elements.evaluate(ownLines)) !== JSON.stringify(boxes)) throw new Error("it moved while it was looked at");
    const ratios = await (await painter(page.context())).evaluate(
      async ({ picture, texts }) => {
        const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
        const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
        const image = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), (one) => one.charCodeAt(0))], { type: "image/png" }));
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d", { willReadFrequently: true });
        canvas.drawImage(image, 0, 0);
        const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        return texts.map(({ color, boxes }) => {
          pen.clearRect(0, 0, 1, 1);
          pen.fillStyle = color;
          pen.fillRect(0, 0, 1, 1);
          const [r, g, b, alpha] = pen.getImageData(0, 0, 1, 1).data;
          const behind = new Set();
          for (const { x, y, width, height } of boxes) {
            const { data } = canvas.getImageData(x, y, width, height);
            for (let i = 0; i < data.length; i += 4) behind.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
          }
          return Math.min(
            ...[...behind].map((one) => {
              const under = [one >> 16, (one >> 8) & 255, one & 255];
              const over = [r, g, b].map((value, i) => (value * alpha + under[i] * (255 - alpha)) / 255);
              const [dark, bright] = [light(under), light(over)].sort((a, b) => a - b);
              return (bright + 0.05) / (dark + 0.05);
            }),
          );
        });
      },
      { picture, texts: together.map((i, n) => ({ color: styles[n].color, boxes: boxes[i] })) },
    );
    together.forEach((i, n) => (measured[i] = { needs: styles[n].needs, ratio: ratios[n] }));
  }
  return measured;
}
