// Draws what stands in blocks of Mermaid, as GitHub does; what it can't read stays as text, with the reason.
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
mermaid.initialize({
  startOnLoad: false,
  securityLevel: "strict",
  suppressErrorRendering: true,
  theme: dark ? "dark" : "default",
});

let count = 0;
for (const code of document.querySelectorAll("pre > code.language-mermaid")) {
  const place = document.createElement("div");
  try {
    const { svg } = await mermaid.render(`drawing-${(count += 1)}`, code.textContent);
    place.className = "drawing";
    place.innerHTML = svg;
    code.parentElement.replaceWith(place);
  } catch (error) {
    place.className = "failure";
    place.textContent = `Unable to render rich display: ${error.message}`;
    code.parentElement.before(place);
  }
}
document.documentElement.dataset.drawn = "true";
