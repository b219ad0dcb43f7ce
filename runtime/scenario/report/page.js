// Crosshair with values, zoom by dragging, curves switched by their key in the legend. Without it
// everything else of the page is there. The values come from the curves themselves: the page holds
// every number once.
'use strict';
(() => {
const SVG = 'http://www.w3.org/2000/svg', WIDTH = 1e6, HEIGHT = 1e5;
const all = (query, root = document) => [...root.querySelectorAll(query)];
const make = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return element;
};

// The corners of a curve in its box; `false` between two stretches.
function points(path) {
  const found = [];
  let x = 0, y = 0;
  for (const [, command, text] of path.getAttribute('d').matchAll(/([MhHvl])([-\d ]+)/g)) {
    const [a, b] = text.split(' ').map(Number);
    if (command === 'M') { if (found.length) found.push(false); x = a; y = b; }
    if (command === 'h') x += a;
    if (command === 'H') x = a;
    if (command === 'v') y += a;
    if (command === 'l') { x += a; y += b; }
    found.push([x, y]);
  }
  return found;
}

class Panel {
  constructor(svg) {
    this.svg = svg;
    for (const key of ['t0', 't1', 'low', 'high', 'left', 'width', 'top', 'height'])
      this[key] = Number(svg.dataset[key]);
    this.box = svg.querySelector('.box');
    this.curves = all('.curve', this.box);
    this.cross = make('path', {class: 'cross'});
    this.select = make('rect', {class: 'select', y: this.top, height: this.height, width: 0});
    svg.append(this.select, this.cross);
  }
  points(curve) { return curve.corners ??= points(curve); }
  t_of(x) { return this.t0 + x / WIDTH * (this.t1 - this.t0); }
  x_of(t) { return (t - this.t0) / (this.t1 - this.t0) * WIDTH; }
  value_of(y) { return this.high - y / HEIGHT * (this.high - this.low); }
  // From a place on the screen to seconds.
  time_at(event) {
    const frame = this.svg.getBoundingClientRect();
    const x = (event.clientX - frame.left) / frame.width * this.svg.viewBox.baseVal.width;
    const part = Math.min(1, Math.max(0, (x - this.left) / this.width));
    return view[0] + part * (view[1] - view[0]);
  }
  place(t) { return this.left + (t - view[0]) / (view[1] - view[0]) * this.width; }
  value_at(curve, t) {
    const corners = this.points(curve), x = this.x_of(t);
    let low = 0, high = corners.length;
    while (low < high) {
      let middle = (low + high) >> 1, at = middle;
      while (at > low && !corners[at]) --at;
      if (corners[at] && corners[at][0] > x) high = at; else low = middle + 1;
    }
    const before = corners[low - 1], after = corners[low];
    if (!before) return null;
    if (curve.dataset.lines !== '1' || !after) {
      return after || before[0] >= x - 1 ? this.value_of(before[1]) : null;
    }
    const part = (x - before[0]) / (after[0] - before[0] || 1);
    return this.value_of(before[1] + part * (after[1] - before[1]));
  }
  // What of the visible curves lies within the view, as a range of their box.
  heights(from, to) {
    let top = Infinity, bottom = -Infinity;
    const see = y => { top = Math.min(top, y); bottom = Math.max(bottom, y); };
    for (const curve of this.curves) {
      if (curve.style.display === 'none') continue;
      let before = null;
      for (const corner of this.points(curve)) {
        if (corner && corner[0] >= from && corner[0] <= to) see(corner[1]);
        // A stretch that crosses an edge of the view is seen up to there.
        for (const edge of corner && before ? [from, to] : []) {
          if (!(before[0] < edge && edge < corner[0])) continue;
          const part = (edge - before[0]) / (corner[0] - before[0]);
          see(before[1] + part * (corner[1] - before[1]));
        }
        before = corner;
      }
    }
    if (!(bottom >= top)) return [0, HEIGHT];
    const margin = Math.max((bottom - top) * 0.06, HEIGHT / 2000);
    return [top - margin, bottom + margin];
  }
  draw() {
    const from = this.x_of(view[0]), to = this.x_of(view[1]);
    const whole = view[0] === full[0] && view[1] === full[1];
    const off = this.curves.some(curve => curve.style.display === 'none');
    const [top, bottom] = whole && !off ? [0, HEIGHT] : this.heights(from, to);
    this.box.setAttribute('viewBox', `${from} ${top} ${to - from} ${bottom - top}`);
    this.ticks('.x-ticks', view[0], view[1], 10, (tick, text) => {
      const x = this.place(tick), end = this.top + this.height;
      return [make('path', {d: `M${x} ${this.top}V${end + 5}`}), text(x, end + 18, 'middle')];
    });
    const low = this.value_of(bottom), high = this.value_of(top);
    this.ticks('.y-ticks', low, high, 5, (tick, text) => {
      const y = this.top + (high - tick) / (high - low) * this.height;
      return [make('path', {d: `M${this.left} ${y}H${this.left + this.width}`}),
              text(this.left - 7, y + 4, 'end')];
    });
    for (const name of all('.fault-name', this.svg)) {
      const t = Number(name.dataset.t), x = name.dataset.x ??= name.getAttribute('x');
      name.style.display = t <= view[1] && (whole || t >= view[0]) ? '' : 'none';
      name.setAttribute('x', whole ? x : this.place(t));
    }
  }
  ticks(query, low, high, wanted, parts_of) {
    const raw = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(raw));
    const distance = power * [1, 2, 5, 10].find(step => raw / power <= step + 1e-9);
    const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(distance) - 1e-9)));
    const group = this.svg.querySelector(query);
    group.replaceChildren();
    const first = Math.ceil(low / distance - 1e-9);
    for (let i = first; i * distance <= high && i < first + 40; ++i) {
      const tick = i * distance, size = Math.abs(tick);
      const odd = size >= 1e6 || (size < 1e-4 && size > 0);
      const words = tick === 0 ? '0' : odd ? String(+tick.toPrecision(4)) : tick.toFixed(digits);
      group.append(...parts_of(tick, (x, y, anchor) => {
        const text = make('text', {x, y, 'text-anchor': anchor});
        text.textContent = words;
        return text;
      }));
    }
  }
}

const panels = all('svg.panel').map(svg => new Panel(svg));
const full = panels.length ? [panels[0].t0, panels[0].t1] : [0, 1];
let view = [...full], begun = null;
const tip = document.createElement('div');
tip.id = 'tip';
tip.hidden = true;
document.body.append(tip);
const reset = document.getElementById('reset');

function show(from, to) {
  const least = (full[1] - full[0]) * 1e-5;
  if (to - from < least) to = from + least;
  view = [Math.max(full[0], from), Math.min(full[1], to)];
  for (const panel of panels) panel.draw();
  if (reset) reset.disabled = view[0] === full[0] && view[1] === full[1];
}

function point_at(t) {
  for (const panel of panels) {
    const x = panel.place(t), inside = t !== null && t >= view[0] && t <= view[1];
    panel.cross.setAttribute('d', inside ? `M${x} ${panel.top}v${panel.height}` : '');
  }
}

function tell(panel, t, event) {
  const decimals = Math.min(9, Math.max(0, 3 - Math.floor(Math.log10(view[1] - view[0]))));
  tip.replaceChildren(`t = ${t.toFixed(decimals)} s`);
  for (const curve of panel.curves) {
    if (curve.style.display === 'none') continue;
    const value = panel.value_at(curve, t), line = document.createElement('div');
    const number = document.createElement('b');
    const unit = panel.svg.dataset.unit;
    number.textContent = value === null ? '-' : `${+value.toPrecision(5)} ${unit}`;
    number.style.color = getComputedStyle(curve).stroke;
    line.append(number, curve.dataset.name);
    tip.append(line);
  }
  tip.hidden = false;
  const right = event.clientX + 18 + tip.offsetWidth > window.innerWidth;
  tip.style.left = `${event.clientX + (right ? -18 - tip.offsetWidth : 18)}px`;
  tip.style.top = `${Math.max(4, event.clientY - tip.offsetHeight - 12)}px`;
}

function mark(panel, from, to) {
  panel.select.setAttribute('x', panel.place(Math.min(from, to)));
  panel.select.setAttribute('width', Math.abs(panel.place(to) - panel.place(from)));
}

for (const panel of panels) {
  panel.svg.addEventListener('pointermove', event => {
    const t = panel.time_at(event);
    point_at(t);
    tell(panel, t, event);
    if (begun !== null) mark(panel, begun, t);
  });
  panel.svg.addEventListener('pointerleave', () => {
    point_at(null);
    tip.hidden = true;
    begun = null;
    mark(panel, full[0], full[0]);
  });
  panel.svg.addEventListener('pointerdown', event => {
    if (event.button === 0 && event.pointerType === 'mouse') begun = panel.time_at(event);
  });
  panel.svg.addEventListener('pointerup', event => {
    if (begun === null) return;
    const ends = [begun, panel.time_at(event)].sort((a, b) => a - b);
    begun = null;
    mark(panel, full[0], full[0]);
    if ((ends[1] - ends[0]) * panel.width > 4 * (view[1] - view[0])) show(...ends);
  });
  panel.svg.addEventListener('dblclick', () => show(...full));
}

// A key of the legend hides and shows its curve.
for (const key of all('.key[data-name]')) {
  key.setAttribute('role', 'button');
  key.addEventListener('click', () => {
    const off = key.classList.toggle('off');
    for (const curve of all('.box .curve', key.closest('figure')))
      if (curve.dataset.name === key.dataset.name) curve.style.display = off ? 'none' : '';
    for (const panel of panels) panel.draw();
  });
}
// A time in a table goes to that time in the plots.
if (panels.length) for (const at of all('[data-at]')) {
  at.classList.add('at');
  at.addEventListener('click', () => {
    const t = Number(at.dataset.at), half = (full[1] - full[0]) / 40;
    show(t - half, t + half);
    point_at(t);
    document.getElementById('plots').scrollIntoView();
  });
}
if (reset) { reset.hidden = !panels.length; reset.addEventListener('click', () => show(...full)); }
const copy = document.getElementById('copy');
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(copy.previousElementSibling.textContent);
    copy.textContent = 'copied';
  });
}
document.documentElement.dataset.script = 'ready';
})();
