// Draws each figure that the page carries as JSON, in the page's own colours; again when these or the figures change.

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function draw() {
  const ink = dark.matches ? "#ece9f0" : "#23202a";
  const quiet = dark.matches ? "#aaa4b5" : "#625c6c";
  const grid = dark.matches ? "#37343f" : "#e3ddd6";
  const colours = dark.matches
    ? ["#f0a3bf", "#8fc7ff", "#7fd3a5", "#f3d27a"]
    : ["#7a2e4d", "#1f5f99", "#1d6b45", "#8a6100"];
  for (const place of document.querySelectorAll("[data-chart]")) {
    const { data, layout } = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const axis = { gridcolor: grid, zerolinecolor: grid, linecolor: grid };
    window.Plotly.react(
      place,
      data,
      {
        ...layout,
        colorway: colours,
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { color: ink, family: getComputedStyle(document.body).fontFamily, size: 13 },
        xaxis: { ...layout.xaxis, ...axis },
        yaxis: { ...layout.yaxis, ...axis },
        shapes: layout.shapes?.map((shape) => ({ ...shape, line: { ...shape.line, color: quiet } })),
        height: place.clientHeight,
      },
      { displayModeBar: false, responsive: true },
    );
  }
}

dark.addEventListener("change", draw);
document.body.addEventListener("htmx:afterSwap", draw);
draw();
