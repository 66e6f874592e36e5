// Draws how much happened when, above the timeline. The list of days says the same in words and works without it.
"use strict";
(() => {
  const strip = document.getElementById("density");
  if (!strip || typeof uPlot === "undefined") return;
  const HEIGHT = 104;

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const diamond = (ctx, x, y, size, filled) => {
    ctx.beginPath();
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y + size);
    ctx.lineTo(x - size, y);
    ctx.closePath();
    if (filled) ctx.fill();
    ctx.stroke();
  };

  const marks = (figures) => (chart) => {
    const { ctx } = chart;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.lineWidth = 1.5 * ratio;
    ctx.strokeStyle = ctx.fillStyle = token("--ink");
    ctx.font = `${13 * ratio}px ${token("--mono")}`;
    ctx.textAlign = "center";
    figures.bins.forEach((bin, at) => {
      const x = chart.valToPos(at, "x", true);
      if (bin.gap) ctx.fillText("//", x, chart.bbox.top + chart.bbox.height - 4 * ratio);
      if (bin.out) diamond(ctx, x, chart.bbox.top + 7 * ratio, 5 * ratio, true);
      if (bin.back) diamond(ctx, x, chart.bbox.top + (bin.out ? 20 : 7) * ratio, 5 * ratio, false);
    });
    ctx.restore();
  };

  const ticks = (count, width) => {
    const wanted = Math.max(2, Math.min(7, Math.floor(width / 150), count));
    return [...new Set([...Array(wanted).keys()].map((n) => Math.round((n * (count - 1)) / (wanted - 1))))];
  };

  const draw = (figures) => {
    strip.replaceChildren();
    const said = document.createElement("p");
    said.className = "tl-says";
    const width = strip.clientWidth - 24;
    const count = figures.bins.length;
    const say = (at) => {
      const bin = figures.bins[at];
      if (!bin) return;
      const payments = bin.out + bin.back;
      const words = [`${strip.dataset.records} ${bin.records}`];
      if (payments) words.push(`${strip.dataset.payments} ${payments}`);
      said.textContent = bin.gap ? bin.label : `${bin.label} · ${words.join(" · ")}`;
    };
    const chart = new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        padding: [0, 40, 0, 40],
        scales: {
          x: { time: false, range: () => [-0.5, count - 0.5] },
          y: { range: (_, __, most) => [0, Math.max(1, most) * 1.45] },
        },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        axes: [
          {
            stroke: token("--ink-2"), grid: { show: false }, ticks: { show: false }, size: 24, font: "13px system-ui",
            splits: () => ticks(count, width), values: (_, at) => at.map((n) => figures.bins[n]?.gap ? "" : figures.bins[n]?.label),
          },
          { show: false },
        ],
        series: [
          {},
          { fill: token("--ink-3"), stroke: token("--ink-3"), width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.7, 36, 2] }) },
        ],
        hooks: { draw: [marks(figures)], setCursor: [(self) => { if (self.cursor.idx != null) say(self.cursor.idx); }] },
      },
      [[...Array(count).keys()], figures.bins.map((bin) => bin.records)],
      strip,
    );
    strip.append(said);
    chart.over.addEventListener("click", () => {
      const bin = figures.bins[chart.cursor.idx];
      if (!bin || !bin.link) return;
      location.assign(bin.link);
      const day = bin.link.split("#")[1];
      if (day) document.getElementById(day)?.focus();
    });
  };

  fetch(strip.dataset.figures, { headers: { accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then((figures) => {
      if (figures.bins.length < 2) return;
      strip.hidden = false;
      draw(figures);
      let waiting = 0;
      const again = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(() => draw(figures)); };
      addEventListener("resize", again);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    })
    .catch(() => { strip.hidden = true; });
})();
