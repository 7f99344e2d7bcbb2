// Draws each figure that the page carries as JSON, in the page's own colours, again when these change.

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function draw() {
  const ink = dark.matches ? "#ece9f0" : "#23202a";
  const line = dark.matches ? "#37343f" : "#e3ddd6";
  const colours = dark.matches
    ? ["#f0a3bf", "#8fc7ff", "#7fd3a5", "#f3d27a"]
    : ["#7a2e4d", "#1f5f99", "#1d6b45", "#8a6100"];
  for (const place of document.querySelectorAll("[data-chart]")) {
    const { data, layout } = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const axis = { gridcolor: line, zerolinecolor: line, linecolor: line };
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
        height: place.clientHeight,
      },
      { displayModeBar: false, responsive: true },
    );
  }
}

dark.addEventListener("change", draw);
draw();
