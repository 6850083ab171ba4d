'use strict';
// Replays a trace from the data block beside it: rows of numbers, and one table of texts (what each
// holds is said in export/html*.c). What holds at a moment is worked out from the rows, so that going
// back is as easy as on. Texts become text nodes and attributes, never markup.
(() => {
const $ = id => document.getElementById(id);
const D = JSON.parse($('data').textContent);
const T = n => D.texts[n] || '';
const DECLARES = 1, PACKET = 2, TURN = 4, HOP = 8, TROUBLE = 16; // flags of an event
const MESSAGE = 2; // cargo
const named = (names, rows) => {
  const keys = names.split(' ');
  return rows.map(row => Object.fromEntries(keys.map((key, i) => [key, row[i]])));
};
const E = named('t flags text cause from to conn msg', D.events);
if (!E.length) return;

// ---- small tools ----

function fill(node, attributes = {}, children = []) {
  for (const [name, value] of Object.entries(attributes)) if (value != null) node.setAttribute(name, value);
  node.append(...children.filter(Boolean));
  return node;
}
const on = (id, kind, act) => $(id).addEventListener(kind, act);
const make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
const part = (title, items) => items.length ? [make('h3', {}, title), make('ul', {}, ...items)] : [];
const byFirst = rows => { // rows [event, key, ...] as lists by key
  const lists = [];
  for (const row of rows) (lists[row[1]] ||= []).push(row);
  return lists;
};
// The last of sorted items for which `value(item) <= limit`: its index, or -1.
function last(items, limit, value) {
  let low = 0, high = items ? items.length : 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value(items[middle]) <= limit) low = middle + 1; else high = middle;
  }
  return low - 1;
}
const row = (lists, key, k) => lists[key]?.[last(lists[key], k, r => r[0])];
function clock(us) {
  const at = new Date(D.epoch * 1000 + Math.floor(us / 1000)), day = Math.floor(at / 864e5) - Math.floor(D.epoch / 86400);
  return (day ? `+${day}d ` : '') + at.toISOString().slice(11, 23);
}
const some = (items, between = ' ') => items.filter(Boolean).join(between);
const many = (n, one, more) => `${n} ${n === 1 ? one : more}`;

// ---- who is there ----

const labels = new Map(D.labels);
const places = [null, ...D.places.map((p, i) => p.length < 5
  ? { n: i + 1, id: p[0], host: p[1], role: T(p[2]), user: p[3] }
  : { n: i + 1, id: p[0], admd: p[4], x: p[5], y: p[6], agents: [] })];
for (const p of places) if (p && !p.agents) places[p.host]?.agents?.push(p);
const hosts = places.filter(p => p?.agents).sort((a, b) => a.x - b.x || a.y - b.y); // in reading order
const admds = new Map(D.admds.map(([id, name]) => [id, T(name) || T(id)]));
const hostOf = n => places[n]?.host ?? (places[n] ? n : 0);
const [changes, cuts, mail, moves, names] = [D.changes, D.cuts, D.mail, D.moves, D.names].map(byFirst);
const headers = new Map(D.headers.map(h => [h[0], h]));
const conns = [null, ...named('asked from to protocol pull open refused closed tls name way', D.conns)];
const idAt = (n, k) => T(row(names, n, k)?.[2] ?? places[n]?.id);
const roleOf = p => labels.get(p.role) || p.role;
const who = (n, k) => !places[n] ? '?' : idAt(n, k) + (places[n].agents ? '' : ` (${roleOf(places[n])})`);
const upAt = (n, k) => row(changes, n, k)?.[2] ?? 0;

function messageAt(n, k) {
  const r = row(mail, n, k);
  return r && { state: D.states[r[2]], received: r[3], header: headers.get(r[4]), copies: r[5],
    store: r[6], reader: r[7], holders: r.slice(8) };
}
const hasCome = (event, k) => event > 0 && event - 1 <= k; // an event plus 1; 0 it does not come
function connAt(c, k) { // 0 not yet or over, 1 asked for, 2 open
  if (k < c.asked || hasCome(c.closed, k) || (c.refused && hasCome(c.open, k))) return 0;
  return hasCome(c.open, k) ? 2 : 1;
}

// ---- time: moments, and how long each is seen ----

// As in the window (render/view/play.c): silence is leapt over.
const seen = us => Math.min(Math.max(us / 1000 * 25, 50), 800);
const moments = [{ t: E[0].t, w: 0 }];
for (const { t } of E) {
  const before = moments.at(-1);
  if (t > before.t) moments.push({ t, w: before.w + seen(t - before.t) });
}
const whole = moments.at(-1).w;
const momentOf = k => moments[last(moments, E[k].t, m => m.t)];
function timeOf(w) {
  const i = last(moments, w, m => m.w), m = moments[i], next = moments[i + 1];
  return next ? m.t + (next.t - m.t) * (w - m.w) / (next.w - m.w) : m.t;
}

const now = { w: 0, t: 0, k: 0 }; // on the time line, of the run in us, the last event
let playing = false, glideTo = null, glideSpeed = 1, frame = 0, before = 0, ahead = null;
const happens = E.map((e, k) => k).filter(k => !(E[k].flags & DECLARES));
const steps = { packet: happens, event: happens.filter(k => !(E[k].flags & PACKET)),
  turn: happens.filter(k => E[k].flags & TURN), hop: happens.filter(k => E[k].flags & HOP) };
const withPackets = () => $('packets').checked, calm = () => $('calm').checked;

function setTime(w, k) {
  now.w = Math.min(Math.max(w, 0), whole);
  now.t = timeOf(now.w);
  now.k = k ?? last(E, now.t + 1e-6, e => e.t);
  show();
}
const seek = k => { halt(); setTime(momentOf(k).w, k); };
function halt() {
  playing = false;
  glideTo = null;
  ahead = null;
  cancelAnimationFrame(frame);
}
function step(kind, way) {
  if (glideTo != null) seek(glideTo);
  const list = steps[kind === 'event' && withPackets() ? 'packet' : kind];
  const i = way > 0 ? last(list, now.k, k => k) + 1 : last(list, now.k - 1, k => k);
  if (way < 0 && i < 0) return seekStart();
  if (!(i in list)) return seekEnd();
  const k = list[i], far = momentOf(k).w - now.w;
  halt();
  if (way < 0 || calm() || far <= 0) return setTime(momentOf(k).w, k);
  glideTo = k;
  glideSpeed = Math.max(far / 700, 1);
  start();
}
function seekStart() { halt(); setTime(0); }
function seekEnd() { halt(); setTime(whole, E.length - 1); }
function start() {
  before = performance.now();
  frame = requestAnimationFrame(tick);
  showButtons();
}
function play() {
  const goesOn = !playing;
  halt();
  if (!goesOn) return showButtons();
  if (now.w >= whole) setTime(0);
  playing = true;
  start();
}
// Without sliding it goes from moment to moment.
function tick(at) {
  const target = glideTo != null ? momentOf(glideTo).w : whole, speed = glideTo != null ? glideSpeed : Number($('pace').value);
  ahead = Math.min((ahead ?? now.w) + Math.min(at - before, 100) * speed, target);
  before = at;
  const w = calm() ? moments[last(moments, ahead, m => m.w)].w : ahead;
  if (ahead >= target) {
    const k = glideTo ?? undefined;
    halt();
    return setTime(target, k);
  }
  if (w !== now.w) setTime(w);
  frame = requestAnimationFrame(tick);
}

// ---- the map ----

const map = $('map'), layers = {};
for (const name of ['admds', 'links', 'ways', 'hosts', 'letters', 'flights'])
  map.append(layers[name] = draw('g'));
const card = { h: 92, w: Math.min(210, 26 + Math.max(84, ...hosts.map(h => Math.max(T(h.id).length * 8, h.agents.length * 37)))) };
const scale = { x: 0.08, y: 0.08 };
let chosenHost = 0, zoom = 0, lastHot = 0;

// The grid is stretched until no card stands on another, and then to the shape of its room.
function fitScale() {
  const few = hosts.slice(0, 300), box = $('map-box');
  for (let n = 0; n < 99; n++) {
    let most = 1.001, axis;
    few.forEach((a, i) => few.slice(i + 1).forEach(b => {
      const x = (card.w + 64) / Math.abs(a.x - b.x) / scale.x, y = (card.h + 54) / Math.abs(a.y - b.y) / scale.y;
      if (Math.min(x, y) > most && Math.min(x, y) < 99) [most, axis] = x < y ? [x, 'x'] : [y, 'y'];
    }));
    if (!axis) break;
    scale[axis] *= most;
  }
  const all = around(hosts.map(h => spot(h.n, 0)), 24, 40), shape = all.width / all.height / (box.clientWidth / box.clientHeight);
  scale[shape > 1 ? 'y' : 'x'] *= Math.min(shape > 1 ? shape : 1 / shape, 1.35);
}
function spot(n, k) { // the middle of a host's card
  const h = places[hostOf(n)], at = h && row(moves, h.n, k);
  return h ? [(at ? at[2] : h.x) * scale.x, (at ? at[3] : h.y) * scale.y] : [0, 0];
}
const short = (text, most) => text.length > most ? text.slice(0, most - 1) + '…' : text;
const words = (x, y, text, name, anchor) => draw('text', { x, y, class: `t ${name || ''}`, 'text-anchor': anchor }, text);

const markOf = (role, x, y) => draw('g', { class: 'mark', transform: `translate(${x} ${y})` },
  draw('use', { href: `#mark-${labels.has(role) ? role : ''}` }));
const signOf = (name, x, y, size, tone) => draw('g', { class: `sign ${tone || ''}`,
  transform: `translate(${x} ${y}) scale(${size / 24})` }, draw('use', { href: `#sign-${name}` }));

function makeHost(h) {
  const top = -card.h / 2, left = -card.w / 2, gap = Math.min(37, (card.w - 20) / h.agents.length);
  h.node = draw('g', { class: 'host', tabindex: 0, role: 'button' },
    draw('rect', { class: 'card', x: left, y: top, width: card.w, height: card.h, rx: 8 }),
    h.title = words(left + 11, top + 20, '', 'id'));
  h.marks = h.agents.map((a, i) => {
    const x = left + 8 + gap * (i + 0.5), label = roleOf(a);
    const node = draw('g', {}, markOf(a.role, x, top + 42), h.agents.length === 1 ? words(x + 20, top + 46, label, 'soft')
      : gap > 33 ? words(x, top + 68, label, 'small soft', 'middle') : null);
    h.node.append(node);
    return node;
  });
  h.count = words(left + 11, card.h / 2 - 8, '', 'small soft');
  h.node.append(h.count);
  const choose = () => { chosenHost = chosenHost === h.n ? 0 : h.n; openPanel('words'); showState(); };
  h.node.addEventListener('click', choose);
  h.node.addEventListener('keydown', event => { if (event.key === 'Enter') choose(); });
  layers.hosts.append(h.node);
}
// What stands still: made again only when a host or a link comes, goes or moves.
const ground = { key: '' };
function showGround(k) {
  const there = hosts.filter(h => upAt(h.n, k)), spots = there.map(h => spot(h.n, k));
  const links = D.links.map((l, i) => row(cuts, i + 1, k)?.[2] ?? 0), key = JSON.stringify([spots, links, there.map(h => idAt(h.n, k))]);
  if (key === ground.key || !spots.length) return;
  ground.key = key;
  Object.assign(ground, around(spots, 24, 40));
  fill(map, { viewBox: `${ground.x} ${ground.y} ${ground.width} ${ground.height}` });
  layers.admds.replaceChildren(...[...admds].flatMap(([id, name], i) => {
    const own = there.filter(h => h.admd === id).map(h => spot(h.n, k)), box = around(own, 14, 32);
    return own.length ? [draw('rect', { ...box, rx: 12, class: 'admd', fill: `url(#hatch${i % 6})` }), words(box.x + 12, box.y + 20, name, 'b soft')] : [];
  }));
  layers.links.replaceChildren(...D.links.flatMap(([, a, b], i) => {
    const [x1, y1] = spot(a, k), [x2, y2] = spot(b, k), line = draw('line', { x1, y1, x2, y2, class: `link ${links[i] === 2 ? 'cut' : ''}` });
    return [[], [line], [line, signOf('cross', (x1 + x2) / 2, (y1 + y2) / 2, 24, 'bad')]][links[i]];
  }));
  for (const h of hosts) {
    fill(h.node, { transform: `translate(${spot(h.n, k)})` });
    h.title.textContent = short(idAt(h.n, k), Math.floor((card.w - 20) / 8));
  }
  fitMap();
}
function around(spots, side, over) {
  const xs = spots.map(s => s[0]), ys = spots.map(s => s[1]);
  const x = Math.min(...xs) - card.w / 2 - side, y = Math.min(...ys) - card.h / 2 - over;
  return { x, y, width: Math.max(...xs) + card.w / 2 + side - x, height: Math.max(...ys) + card.h / 2 + 26 - y };
}
// As large as there is room for; of a small network never so small that its words can't be read.
function fitMap() {
  const box = $('map-box');
  if (!ground.width) return;
  const fit = Math.min((box.clientWidth - 4) / ground.width, (box.clientHeight - 4) / ground.height, 2.2);
  ground.size = Math.max(fit, hosts.length < 40 ? 0.64 : .05) * 1.25 ** zoom;
  fill(map, { width: Math.floor(ground.width * ground.size), height: Math.floor(ground.height * ground.size) });
}
function counts(h, k) {
  const [queued, stored, fetched] = [3, 4, 5].map(i => [h, ...h.agents].reduce((n, p) => n + (row(changes, p.n, k)?.[i] || 0), 0));
  return some([queued && `${queued} waiting`, stored && `${stored} stored`, fetched && `${fetched} read`], ' · ');
}
function showHost(h, k, lying) {
  const up = upAt(h.n, k), e = E[k], acts = !(e.flags & DECLARES) && [e.from, e.to].some(n => hostOf(n) === h.n);
  const kinds = ['host', up === 2 && 'down', acts && 'acts', liesIn(h, lying).some(l => l.holds) && 'holds', chosenHost === h.n && 'chosen'];
  fill(h.node, { visibility: up ? 'visible' : 'hidden', class: some(kinds),
    'aria-label': hostWords(h, k, lying) });
  h.count.textContent = up === 2 ? '✗ down' : counts(h, k);
  h.agents.forEach((a, i) => h.marks[i].classList.toggle('stopped', upAt(a.n, k) !== 1));
}
// Where messages lie: with who must not lose them, in stores, with readers.
function lyingAt(k) {
  const lying = [];
  for (let n = 1; n <= D.messages.length; n++) {
    const m = messageAt(n, k);
    if (!m) continue;
    const at = new Map([m.reader, m.copies && m.store].filter(Boolean).map(p => [hostOf(p), false]));
    for (const p of m.holders) at.set(hostOf(p), true);
    for (const [host, holds] of at) lying.push({ n, host, holds, received: m.received });
  }
  return lying;
}
function letter(x, y, n, received) {
  const top = Math.min(received, 5), g = draw('g', { class: 'letter', transform: `translate(${x} ${y})` });
  for (let i = top; i-- > 0;) g.append(draw('rect', { class: 'slip', x: -13, y: -21 - i * 4, width: 26, height: 14 }));
  if (received) g.append(words(0, -11 - (top - 1) * 4, String(received), '', 'middle'));
  g.append(draw('rect', { x: -17, y: -12, width: 34, height: 24, rx: 2 }), draw('path', { d: 'M-17 -10L0 3L17 -10' }),
    words(0, 10, D.messages.length > 1 ? String(n) : '', '', 'middle'));
  g.addEventListener('click', () => { $('msg').value = n; openPanel('message'); showState(); });
  return g;
}
function showLetters(k, lying) {
  layers.letters.replaceChildren(...hosts.flatMap(h => {
    const here = liesIn(h, lying), [x, y] = spot(h.n, k).map((at, i) => at + (i ? card.h / 2 - 8 : card.w / 2 - 14));
    const text = (here.length > 3 ? `${here.length} messages ` : '') + (here.some(l => l.holds) ? 'holds' : '');
    return [...here.slice(0, 3).map((l, i) => letter(x - i * 26, y, l.n, l.received)), words(x, y + 25, text, 'b small', 'middle')];
  }));
}
// Where the line to a card's middle meets its edge.
function edge([x, y], [fx, fy], room) {
  const dx = fx - x, dy = fy - y, share = Math.min((card.w / 2 + room) / Math.abs(dx), (card.h / 2 + room) / Math.abs(dy), 1);
  return [x + dx * share, y + dy * share];
}
function wayOf(c, k) {
  const way = c.way.length > 1 ? c.way : [hostOf(c.from), hostOf(c.to)], points = way.map(n => spot(n, k)), end = way.length - 1;
  if (way[0] === way[end]) return points.map(([x, y]) => [x, y - card.h / 2 - 12]);
  const [first, last] = [edge(points[0], points[1], 2), edge(points[end], points[end - 1], 3)];
  return [first, ...points.slice(1, end), last];
}
// The head points where mail goes, a dot is at who has it, a flag at who opened.
function showWays(k) {
  layers.ways.replaceChildren(...conns.flatMap((c, n) => {
    const state = n && connAt(c, k);
    if (!state || hostOf(c.from) === hostOf(c.to)) return [];
    const points = c.pull ? wayOf(c, k).reverse() : wayOf(c, k), end = points.length - 1, tip = points[end], [px, py] = points[end - 1];
    const angle = Math.atan2(tip[1] - py, tip[0] - px), tls = hasCome(c.tls, k), pull = c.pull ? 'pull' : '';
    const middle = [(tip[0] + px) / 2, (tip[1] + py) / 2], opened = c.pull ? tip : points[0];
    points[end] = [tip[0] - 9 * Math.cos(angle), tip[1] - 9 * Math.sin(angle)];
    const d = 'M' + points.join('L'), line = name => draw('path', { d, class: name });
    return [line(some(['way', pull, tls && 'tls', state === 1 && 'asked', E[k].conn === n && 'hot'])),
      ...(tls ? [line('way-in'), draw('circle', { cx: middle[0], cy: middle[1], r: 11, fill: 'var(--panel)' }), signOf('lock', ...middle, 18)] : []),
      draw('path', { d: 'M0 0L-13 -6.5L-13 6.5Z', class: `head ${pull}`, transform: `translate(${tip}) rotate(${angle * 180 / Math.PI})` }),
      draw('circle', { cx: points[0][0], cy: points[0][1], r: 5, class: 'end' }), draw('path', { d: 'M0 0V-20L12 -15L0 -10', class: 'end', transform: `translate(${opened})` })];
  }));
}
const flights = named('event arrives cargo pull from to msg conn label lostAt share way', D.flights);
let longestFlight = 0;
for (const f of flights) longestFlight = Math.max(longestFlight, f.arrives - (f.t = E[f.event].t));
function flightsAt(t) {
  const list = [];
  for (let i = last(flights, t, f => f.t); i >= 0 && flights[i].t >= t - longestFlight; i--)
    if (flights[i].arrives > t) list.push(flights[i]);
  return list.reverse();
}
// Numbered stations instead of sliding: what is on its way stands at the middle of its leg.
function placeOf(f, k) {
  const lost = f.lostAt >= 0 && now.t >= f.lostAt, points = wayOf(f, k), legs = points.length - 1;
  let at = lost ? f.share / 100 : (now.t - f.t) / Math.max(f.arrives - f.t, 1);
  if (calm() && !lost) at = (Math.floor(Math.min(at, 0.999) * legs) + 0.5) / legs;
  const leg = Math.min(Math.floor(at * legs), legs - 1), of = at * legs - leg, [a, b] = [points[leg], points[leg + 1]];
  return { lost, x: a[0] + (b[0] - a[0]) * of, y: a[1] + (b[1] - a[1]) * of };
}
function showFlights(k) {
  const taken = [];
  layers.flights.replaceChildren(...flightsAt(now.t).flatMap(f => {
    const { lost, x, y } = placeOf(f, k), text = short(T(f.label), 34), w = text.length * 6.7 + 14;
    const cross = lost ? [signOf('cross', x, y, 22, 'bad'), words(x, y + 24, 'lost', 'b small', 'middle')] : [];
    if (f.cargo === MESSAGE) return [letter(x, y, f.msg, messageAt(f.msg, k)?.received || 0), ...cross];
    const dot = draw('circle', { cx: x, cy: y, r: 4, class: 'dot' });
    if (!text) return [dot, ...cross];
    let top = y - 16;
    while (taken.some(b => Math.abs(b.x - x) < (b.w + w) / 2 && Math.abs(b.top - top) < 20)) top -= 21;
    taken.push({ x, top, w });
    return [draw('g', { class: `said ${f.pull ? 'pull' : ''}` }, dot,
      draw('rect', { x: x - w / 2, y: top - 13, width: w, height: 18, rx: 4 }), words(x, top, text, '', 'middle')), ...cross];
  }));
}
// A map larger than its room follows what happens.
function follow(k) {
  const box = $('map-box'), e = E[k], n = hostOf(e.to) || hostOf(e.from);
  if (!n || (e.flags & DECLARES) || n === lastHot) return;
  lastHot = n;
  const [x, y] = spot(n, k);
  box.scrollTo({ left: (x - ground.x) * ground.size - box.clientWidth / 2, top: (y - ground.y) * ground.size - box.clientHeight / 2 });
}

// ---- in words ----

function messageWords(n, k) {
  const m = messageAt(n, k), [, from, to, subject] = D.messages[n - 1];
  const name = `Message ${n}${T(subject) ? ` “${T(subject)}”` : ''}, from ${T(from) || '<>'} to ${T(to)}`;
  return !m ? `${name}: not written yet.` : some([`${name}: ${m.state}, ${many(m.received, 'Received field', 'Received fields')}.`,
    m.holders.length && `Held by ${m.holders.map(p => who(p, k)).join(', ')}.`,
    m.copies && m.store && `${many(m.copies, 'copy lies', 'copies lie')} in ${who(m.store, k)}.`,
    m.reader && `Read at ${who(m.reader, k)}.`]);
}
const liesIn = (h, lying) => lying.filter(l => l.host === h.n);
function hostWords(h, k, lying) {
  const agents = h.agents.map(a => who(a.n, k) + (T(a.user) ? ` of ${T(a.user)}` : '') + (upAt(a.n, k) === 1 ? '' : ', stopped'));
  return some([idAt(h.n, k), admds.get(h.admd), agents.join(', '), upAt(h.n, k) === 2 && 'down', counts(h, k),
    ...liesIn(h, lying).map(l => `${l.holds ? 'holds' : 'has'} message ${l.n}`)], '; ');
}
function showWords(k, lying) {
  const item = (text, more = {}) => make('li', more, text);
  const line = (a, b, text) => `${who(a, k)} → ${who(b, k)}: ${text}`;
  $('map-words').replaceChildren(
    ...part('Messages', D.messages.map((m, i) => item(messageWords(i + 1, k), { 'data-state': messageAt(i + 1, k)?.state || '' }))),
    ...part('On its way', [...new Set(flightsAt(now.t).filter(f => f.cargo).map(f =>
      line(f.from, f.to, f.cargo === MESSAGE ? `message ${f.msg}` : T(f.label))))].map(text => item(text))),
    ...part('Connections', conns.filter((c, n) => n && connAt(c, k)).map(c => item(line(c.from, c.to,
      `${T(c.protocol)}, ${c.pull ? 'pull' : 'push'}, ${hasCome(c.tls, k) ? 'within TLS' : 'in clear text'}${connAt(c, k) === 1 ? ', asked for' : ''}`)))),
    ...part('Hosts', hosts.filter(h => upAt(h.n, k)).map(h => item(hostWords(h, k, lying), { class: h.n === chosenHost ? 'chosen' : null }))),
    ...part('Links', D.links.flatMap(([, a, b, about], i) => [[], [''], [', cut']][row(cuts, i + 1, k)?.[2] ?? 0].map(cut =>
      item(`${idAt(a, k)} – ${idAt(b, k)}, ${T(about)}${cut}`)))));
}

// ---- the panels ----

const rows = [];
function makeEvents() {
  E.forEach((e, k) => {
    if (e.flags & DECLARES) return;
    rows[k] = make('li', { class: some(['event', e.flags & PACKET && 'packet', e.flags & HOP && 'hop', e.flags & TROUBLE && 'trouble']) }, make('button', { tabindex: -1, 'data-event': k },
      make('time', {}, clock(e.t)), make('span', {}, T(e.text))));
  });
  $('event-list').append(...rows.filter(Boolean));
}
// The event that is spoken of: no packet, unless packets are shown.
const isSpoken = k => withPackets() || !(E[k].flags & PACKET);
function rowOf(k) {
  while (k > 0 && !isSpoken(k)) k--;
  return k;
}
let marked = -1;
function showEvents(k) {
  const list = $('event-list'), li = rows[rowOf(k)];
  for (let i = Math.max(Math.min(marked, k), 0); i <= (marked < 0 ? E.length : Math.max(marked, k)); i++) rows[i]?.classList.toggle('later', i > k);
  list.querySelector('[aria-current]')?.removeAttribute('aria-current');
  marked = k;
  if (li) fill(li.firstChild, { 'aria-current': 'step' });
  const top = li ? li.offsetTop - list.offsetTop : 0;
  if (top < list.scrollTop + 20 || top + 60 > list.scrollTop + list.clientHeight) list.scrollTop = top - list.clientHeight / 2;
}
const latest = (k, field) => { // what was spoken of last
  while (k > 0 && !E[k][field]) k--;
  return E[k][field];
};
const talks = [];
for (const line of D.talk) (talks[line[0]] ||= []).push(line);
let talkOf = 0;
function showTalk(k) {
  const n = Number($('conn').value) || latest(k, 'conn'), lines = talks[n] || [], list = $('talk');
  $('conn').options[0].textContent = `Follow: ${n ? connName(n) : 'no connection'}`;
  if (n !== talkOf) list.replaceChildren(...lines.map(([, speaker, t, text]) => make('li',
    { class: ['c', /^(5|-ERR|\S+ (NO|BAD) )/.test(T(text)) ? 'refused' : 's', 'n'][speaker] },
    make('time', {}, clock(t)), make('b', {}, ['C:', 'S:', '--'][speaker]), make('span', {}, T(text)))));
  talkOf = n;
  lines.forEach((line, i) => { list.children[i].hidden = line[2] > now.t; });
  list.scrollTop = list.scrollHeight;
}
const connName = n => `${n}: ${T(conns[n].name)}`;
function fieldNode([text, author, slip, hop, delay, took], k, isNew, longest) {
  return make('div', { class: some(['field', slip && 'slip', isNew && 'new']) }, slip && make('span', { class: 'number' }, String(slip)),
    make('code', {}, T(text)), make('small', {}, `added by ${who(author, k)}`), hop && make('small', {}, T(hop)),
    delay > 0 && make('meter', { min: 0, max: longest, value: delay, 'aria-hidden': 'true' }), took && make('small', {}, T(took)));
}
let letterShown = '';
function showMessage(k) {
  const n = Number($('msg').value) || latest(k, 'msg'), i = last(mail[n], k, r => r[0]), key = `${n} ${i}`;
  $('msg').options[0].textContent = `Follow: ${n ? messageName(n) : 'no message'}`;
  if (key === letterShown) return;
  letterShown = key;
  const [header, before] = [i, i - 1].map(at => headers.get(mail[n]?.[at]?.[4])), fields = header ? header[2] : [];
  const old = new Set(before && before[2].map(f => f[0])), longest = Math.max(0, ...fields.map(f => f[4] || 0));
  $('letter').replaceChildren(make('p', { class: 'note' }, n ? messageWords(n, k) : 'No message yet.'),
    ...fields.map(f => fieldNode(f, k, before && !old.has(f[0]), longest)),
    ...(header && T(header[1]) ? [make('h3', {}, 'Body'), make('pre', {}, T(header[1]))] : []));
}
const messageName = n => `${n}: ${T(D.messages[n - 1][3]) || '(no subject)'}`;
// `code` and *emphasis* in a lesson.
const rich = text => text.split(/(`[^`]+`|\*[^*\s][^*]*\*)/).map((part, i) =>
  i % 2 ? make(part[0] === '`' ? 'code' : 'em', {}, part.slice(1, -1)) : part);
function makeLesson() {
  const l = D.lesson;
  if (!l) return;
  document.body.classList.add('lesson');
  $('look').replaceChildren(...rich(T(l.objective)));
  const text = (t, ...before) => T(t) && make('p', {}, ...before, ...rich(T(t))), bold = text => make('b', {}, text);
  $('lesson-text').append(text(l.complaint),
    ...part('What to watch', l.watch.map(t => make('li', {}, text(t)))),
    ...part('Steps', l.steps.map(([kind, ask, asked, given, said], i) => make('li', {}, bold(`${i + 1}. ${T(kind)}`),
      text(ask), text(asked), text(given, bold('Answer: ')), text(said)))),
    ...part('What was reached', l.checks.map(([check, state]) => make('li', { class: ['missed', 'passed', 'kept'][state] },
      text(check, bold(['✗ missed: ', '✓ reached: ', '? for the teacher: '][state]))))),
    bold(T(l.outcome)));
}

// ---- showing a moment ----

let told = -1, toldAt = 0, owed = [];
// A screen reader hears each event once; while it plays, a few at a time.
function tell(k) {
  const fresh = playing || glideTo != null ? E.slice(told + 1, k + 1) : [E[k]];
  told = k;
  owed.push(...fresh.filter(e => !(e.flags & (DECLARES | PACKET))).map(e => T(e.text)));
  if (!owed.length || (playing && Date.now() - toldAt < 900)) return;
  $('live').textContent = `${clock(E[k].t)}: ${owed.slice(-6).join('. ')}`;
  owed = [];
  toldAt = Date.now();
}
function showCaption(k) {
  const e = E[rowOf(k)], started = !(e.flags & DECLARES);
  let cause = e.cause;
  while (cause && !isSpoken(cause)) cause = E[cause].cause;
  $('said').textContent = started ? T(e.text) : 'Nothing has happened yet.';
  $('why').replaceChildren(...(started && cause && !(E[cause].flags & DECLARES)
    ? ['because ', make('button', { 'data-event': cause }, T(E[cause].text))] : []));
}
function showButtons() {
  $('play').textContent = playing ? 'Pause' : 'Play';
  $('line').value = now.w;
  fill($('line'), { 'aria-valuetext': `${clock(now.t)}, ${$('said').textContent}` });
}
function showState() {
  const k = now.k, lying = lyingAt(k);
  showGround(k);
  hosts.forEach(h => showHost(h, k, lying));
  showWays(k);
  showLetters(k, lying);
  showCaption(k);
  showEvents(k);
  showTalk(k);
  showMessage(k);
  if (opened === 'words' || wide.matches) showWords(k, lying);
  follow(k);
  tell(k);
  document.body.dataset.event = k;
}
let shown = -1;
function show() {
  if (shown !== now.k) showState();
  shown = now.k;
  $('clock').textContent = clock(now.t);
  showFlights(now.k);
  showButtons();
}

// ---- the frame ----

const panels = ['lesson', 'events', 'dialogue', 'message', 'words'], wide = matchMedia('(min-width:1700px)');
let opened = D.lesson ? 'lesson' : 'events';
function openPanel(id) {
  opened = id;
  for (const panel of panels) {
    $(panel).classList.toggle('closed', panel !== id);
    fill($(`tab-${panel}`), { 'aria-pressed': panel === id });
  }
  showWords(now.k, lyingAt(now.k));
}
function makeFrame() {
  $('look').textContent = T(D.look);
  $('program').textContent = T(D.program);
  panels.forEach(id => on(`tab-${id}`, 'click', () => openPanel(id)));
  $('line').max = whole;
  $('conn').append(make('option', { value: 0 }), ...conns.slice(1).map((c, i) => make('option', { value: i + 1 }, connName(i + 1))));
  $('msg').append(make('option', { value: 0 }), ...D.messages.map((m, i) => make('option', { value: i + 1 }, messageName(i + 1))));
  for (const k of steps.hop) {
    const i = make('i', { class: E[k].flags & TROUBLE ? 'bad' : '' });
    i.style.left = `${whole ? momentOf(k).w / whole * 100 : 0}%`;
    $('trouble').append(i);
  }
  const used = new Set(hosts.flatMap(h => h.agents.map(a => a.role)));
  $('legend').append(...[...used].map(role => make('li', {},
    draw('svg', { viewBox: '-14 -14 28 28', 'aria-hidden': 'true' }, markOf(role, 0, 0)), roleOf({ role }))));
}
function listen() {
  for (const kind of ['event', 'turn', 'hop']) {
    on(`${kind}-back`, 'click', () => step(kind, -1));
    on(`${kind}-next`, 'click', () => step(kind, 1));
  }
  for (const [id, act] of Object.entries({ home: seekStart, end: seekEnd, play })) on(id, 'click', act);
  on('line', 'input', () => { halt(); setTime(Number($('line').value)); });
  for (const id of ['why', 'event-list']) on(id, 'click', event => {
    const button = event.target.closest('button');
    if (button) seek(Number(button.dataset.event));
  });
  for (const id of ['conn', 'msg', 'calm', 'packets']) on(id, 'change', () => { shown = -1; show(); });
  for (const [id, way] of [['closer', 1], ['further', -1]]) on(id, 'click', () => { zoom = Math.max(Math.min(zoom + way, 12), -4); fitMap(); });
  new ResizeObserver(fitMap).observe($('map-box'));
  wide.addEventListener('change', showState);
  const side = way => event => step(event.shiftKey ? 'hop' : 'event', way);
  const keys = { ArrowRight: side(1), ArrowLeft: side(-1), ArrowDown: () => step('turn', 1), ArrowUp: () => step('turn', -1), Home: seekStart, End: seekEnd, ' ': play };
  addEventListener('keydown', event => {
    const { target, key } = event, isOwn = target.id === 'line' || target.id === 'event-list';
    const isTyped = /^(INPUT|SELECT)$/.test(target.tagName) || (key === ' ' && target.tagName === 'BUTTON');
    const isScrolled = target.classList?.contains('scroll') && !/Left|Right/.test(key);
    if (!keys[key] || (!isOwn && (isTyped || isScrolled)) || event.ctrlKey || event.altKey || event.metaKey) return;
    keys[key](event);
    event.preventDefault();
  });
}
// page.html#57 opens at event 57, #57.5 halfway to what comes next, #last at the end.
function open() {
  const word = location.hash.slice(1), k = Math.floor(Number(word));
  if (word === 'last') return seekEnd();
  if (!word || !E[k]) return seekStart();
  const at = momentOf(k).w, next = moments.find(m => m.w > at)?.w ?? at;
  setTime(at + (next - at) * (Number(word) - k), Number(word) > k ? undefined : k);
}

makeFrame();
makeLesson();
makeEvents();
fitScale();
hosts.forEach(makeHost);
$('calm').checked = matchMedia('(prefers-reduced-motion: reduce)').matches;
listen();
open();
openPanel(opened);
addEventListener('hashchange', open);
})();
