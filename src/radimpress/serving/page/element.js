// Elements made of text alone: nothing that a server or a person wrote is ever read as markup.

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { data = {}, attributes = {}, ...plain } = properties;
  Object.assign(made, plain);
  Object.assign(made.dataset, data);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function icon(mark) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#mark-${mark}`);
  drawing.append(use);
  return drawing;
}
