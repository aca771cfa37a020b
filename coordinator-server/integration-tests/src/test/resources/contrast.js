// Gives the texts that are hard to read: below 4.5:1 against what they stand on (WCAG 2.2, 1.4.3).
const WANTED = 4.5;
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

const rgba = (colour) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};

const luminance = ([red, green, blue]) => {
  const [r, g, b] = [red, green, blue]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const background = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const colour = rgba(getComputedStyle(each).backgroundColor);
    if (colour[3] === 255) {
      return colour;
    }
  }
  return rgba("white");
};

const hasText = (element) =>
  [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

const contrast = (element) => {
  const style = getComputedStyle(element);
  const text = element instanceof SVGElement ? style.fill : style.color;
  const [one, other] = [luminance(rgba(text)), luminance(background(element))];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
};

return [...document.body.querySelectorAll("*")]
  .filter((element) => hasText(element) && element.checkVisibility?.() && !element.disabled)
  .map((element) => ({ element, ratio: contrast(element) }))
  .filter(({ ratio }) => ratio < WANTED)
  .map(({ element, ratio }) => `${element.tagName} "${element.textContent}" ${ratio.toFixed(2)}`);
