// Plays a day back, minute by minute: every number drawn is the facility's state at a whole
// minute; dots on a link stand for persons who came over it. Nothing is asked of the network.

const TRANSIT_S = 1.4; // a dot's time on its link, on the viewer's watch
const MOST_DOTS = 350;
const PACES = [60, 300, 900, 1800, 3600];
const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const STILL_MIN = 5; // where motion is unwelcome, a picture every so many minutes
const BOX = { least: 112, most: 168, height: 92, gap: 24 };

const players = new WeakMap();

function unpacked({ width, bytes }) {
  const text = atob(bytes);
  const raw = Uint8Array.from(text, (each) => each.charCodeAt(0));
  const Kind = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width];
  return new Kind(raw.buffer);
}

class Player {
  constructor(root, data, hand) {
    this.root = root;
    this.find = (name) => root.querySelector(name);
    this.canvas = this.find("canvas");
    this.pen = this.canvas.getContext("2d");
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.hand = hand;
    this.pace = 900;
    this.isPlaying = false;
    this.dots = [];
    this.take(data);
    this.minute = Math.min(Math.max(data.at - data.first, 0), this.last);
    this.listen();
    this.step = this.step.bind(this);
    this.watch = new ResizeObserver(() => this.fit());
    this.watch.observe(this.find(".stage"));
    this.fit();
    this.tell();
  }

  // What the page sends: again after every change of language or of the run.
  take(data) {
    const isOther = this.data?.run !== data.run;
    this.data = data;
    this.last = data.minutes - 1;
    if (isOther) {
      this.stations = data.places.map((each) =>
        each.open ? { open: unpacked(each.open), busy: unpacked(each.busy),
          persons: unpacked(each.persons) } : null);
      this.links = data.links.map((each) => ({ ...each, persons: unpacked(each.persons), due: 0 }));
      this.arrived = unpacked(data.arrived);
      this.left = unpacked(data.left);
      this.longest = 1;
      for (const each of this.stations) {
        if (each) for (const n of each.persons) this.longest = Math.max(this.longest, n);
      }
      this.busiest = 1;
      for (let m = 0; m < data.minutes; m += 1) {
        this.busiest = Math.max(this.busiest,
          this.links.reduce((sum, each) => sum + each.persons[m], 0));
      }
      this.minute = Math.min(this.minute ?? 0, this.last);
      this.dots = [];
    }
    for (const [name, value] of Object.entries(data.colours)) {
      this.find(".playback").style.setProperty(`--${name}`, value);
    }
    const { words } = data;
    this.find(".pace span").textContent = words.pace;
    this.find(".hand").textContent = words.hand;
    const time = this.find(".time");
    time.min = 0;
    time.max = this.last;
    time.setAttribute("aria-label", words.time);
    this.find("select").replaceChildren(...PACES.map((each) => new Option(
      `${this.number(each)}×`, each, false, each === this.pace)));
    this.say();
  }

  listen() {
    this.find(".play").onclick = () => (this.isPlaying ? this.pause() : this.play());
    this.find(".time").oninput = (event) => {
      this.minute = Number(event.target.value);
      this.jumped();
    };
    this.find("select").onchange = (event) => {
      this.pace = Number(event.target.value);
      this.dots = [];
      this.say();
      this.draw();
    };
    this.find(".hand").onclick = () => {
      this.pause();
      const { first, hand_min: step } = this.data;
      const at = Math.floor((first + Math.floor(this.minute)) / step) * step;
      this.minute = Math.min(Math.max(at - first, 0), this.last);
      this.jumped();
      this.hand(at);
    };
  }

  play() {
    if (this.minute >= this.last) this.minute = 0;
    this.isPlaying = true;
    this.before = null;
    this.find(".told").textContent = "";
    this.say();
    this.frame = requestAnimationFrame(this.step);
  }

  pause() {
    this.isPlaying = false;
    cancelAnimationFrame(this.frame);
    this.say();
    this.draw();
    this.tell();
  }

  jumped() {
    this.dots = [];
    for (const each of this.links) each.due = 0;
    this.draw();
    if (!this.isPlaying) this.tell();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.watch.disconnect();
    this.isPlaying = false;
  }

  step(now) {
    if (!this.isPlaying) return;
    if (!this.root.isConnected && this.root.host && !this.root.host.isConnected) return;
    const since = this.before === null ? 0 : Math.min((now - this.before) / 1000, 0.25);
    this.before = now;
    if (this.still.matches) this.turn(since);
    else this.move(since);
    if (this.minute >= this.last) {
      this.minute = this.last;
      this.pause();
      return;
    }
    this.frame = requestAnimationFrame(this.step);
  }

  // Without motion: a new picture now and then, no dots.
  turn(since) {
    this.rest = (this.rest ?? 0) + (since * this.pace) / 60;
    const leap = Math.max(STILL_MIN, this.pace / 60); // at most one picture a second
    if (this.rest < leap) return;
    this.rest -= leap;
    this.minute = Math.min(this.minute + leap, this.last);
    this.draw();
  }

  move(since) {
    const went = (since * this.pace) / 60;
    const row = Math.min(Math.floor(this.minute) + 1, this.last);
    for (const link of this.links) {
      link.due += (link.persons[row] * went) / this.perDot;
      for (; link.due >= 1 && this.dots.length < 3 * MOST_DOTS; link.due -= 1) {
        this.dots.push({ link, at: -0.06 * Math.random() });
      }
      link.due = Math.min(link.due, 1);
    }
    for (const dot of this.dots) dot.at += since / TRANSIT_S;
    this.dots = this.dots.filter((dot) => dot.at < 1);
    this.minute = Math.min(this.minute + went, this.last);
    this.draw();
  }

  get perDot() {
    const atOnce = (this.busiest * this.pace * TRANSIT_S) / 60;
    return NICE.find((each) => atOnce / each <= MOST_DOTS) ?? NICE.at(-1);
  }

  number(value) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, this.data.thousands);
  }

  clock(minute) {
    const two = (n) => String(n).padStart(2, "0");
    const day = 24 * 60;
    const text = `${two(Math.floor((minute % day) / 60))}:${two(minute % 60)}`;
    return minute < day ? text : this.data.words.next_day.replace("{clock}", text);
  }

  filled(text, values) {
    return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  }

  // Labels that change with a press of a button or the language.
  say() {
    const { words } = this.data;
    const button = this.find(".play");
    button.textContent = this.isPlaying ? `❚❚ ${words.pause}` : `▶ ${words.play}`;
    button.setAttribute("aria-pressed", String(this.isPlaying));
    this.find(".legend").textContent = this.still.matches ? words.legend_still
      : this.filled(words.legend, { n: this.number(this.perDot) });
  }

  // The state in words: for who cannot see it, and only while it stands still.
  tell() {
    const row = Math.floor(this.minute);
    const { words, places, first } = this.data;
    const parts = places.map((place, n) => this.stations[n] && this.filled(words.part, {
      station: place.name,
      open: this.number(this.stations[n].open[row]),
      busy: this.number(this.stations[n].busy[row]),
      waiting: this.number(this.stations[n].persons[row]),
    })).filter(Boolean);
    const told = `${this.clock(first + row)}. ${this.filled(words.people, {
      arrived: this.number(this.arrived[row]), left: this.number(this.left[row]) })} ${
      parts.join(" ")}`;
    this.find(".told").textContent = told;
    this.canvas.setAttribute("aria-label", `${words.alt} ${told}`);
  }

  fit() {
    const room = this.find(".stage").clientWidth;
    if (!room) return;
    const { columns, rows } = this.data;
    const wide = (room - (columns - 1) * BOX.gap - 4) / columns;
    this.wide = Math.min(Math.max(wide, BOX.least), BOX.most);
    this.width = Math.max(room, columns * (this.wide + BOX.gap) - BOX.gap + 4);
    this.height = rows * (BOX.height + 26) + 10;
    const sharp = Math.min(window.devicePixelRatio || 1, 2);
    this.canvas.width = Math.round(this.width * sharp);
    this.canvas.height = Math.round(this.height * sharp);
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    this.pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    this.draw();
  }

  // Left edge and middle of a place's box.
  spot(place) {
    const { columns, rows } = this.data;
    const gap = columns > 1 ? (this.width - this.wide - 4) / (columns - 1) : 0;
    const row = this.height / rows;
    return { x: 2 + place.column * gap, y: (place.row + 0.5) * row };
  }

  bend(link) {
    const from = this.spot(this.data.places[link.source]);
    const to = this.spot(this.data.places[link.target]);
    const isBack = to.x <= from.x;
    const x0 = from.x + (isBack ? 0 : this.wide);
    const x1 = to.x + (isBack ? this.wide : 0);
    const lift = link.lift * BOX.height;
    return { x0, y0: from.y, x1, y1: to.y, mid: (x0 + x1) / 2, lift };
  }

  draw() {
    const { pen } = this;
    if (!this.width) return;
    const row = Math.floor(this.minute);
    const { colours } = this.data;
    pen.clearRect(0, 0, this.width, this.height);
    this.links.forEach((link) => {
      const { x0, y0, x1, y1, mid, lift } = this.bend(link);
      const now = this.still.matches ? link.persons[row] / this.busiest : 0;
      pen.beginPath();
      pen.moveTo(x0, y0);
      pen.bezierCurveTo(mid, y0 + lift, mid, y1 + lift, x1, y1);
      pen.strokeStyle = now ? colours.accent : colours.line;
      pen.lineWidth = 1.5 + 22 * now;
      pen.globalAlpha = now ? 0.45 : 1;
      pen.stroke();
      pen.globalAlpha = 1;
    });
    pen.beginPath();
    for (const { link, at } of this.dots) {
      if (at < 0) continue;
      const { x0, y0, x1, y1, mid, lift } = this.bend(link);
      const u = 1 - at;
      const [a, b, c, d] = [u * u * u, 3 * u * u * at, 3 * u * at * at, at * at * at];
      const x = a * x0 + (b + c) * mid + d * x1;
      const y = a * y0 + b * (y0 + lift) + c * (y1 + lift) + d * y1;
      pen.moveTo(x + 2.6, y);
      pen.arc(x, y, 2.6, 0, 2 * Math.PI);
    }
    pen.fillStyle = colours.accent;
    pen.fill();
    this.data.places.forEach((place, n) => this.box(place, this.stations[n], row));
    const time = this.find(".time");
    const clock = this.clock(this.data.first + row);
    if (this.shown !== clock) {
      this.shown = clock;
      this.find(".clock").textContent = clock;
      time.setAttribute("aria-valuetext", clock);
    }
    if (time.value !== String(row)) time.value = row;
  }

  box(place, station, row) {
    const { pen } = this;
    const { colours, words } = this.data;
    const { x, y } = this.spot(place);
    const height = station ? BOX.height : 44;
    const top = y - height / 2;
    const wide = this.wide - 16;
    pen.beginPath();
    pen.roundRect(x, top, this.wide, height, 6);
    pen.fillStyle = colours.card;
    pen.fill();
    pen.strokeStyle = station ? colours.quiet : colours.line;
    pen.lineWidth = 1;
    pen.stroke();
    pen.font = `600 13px ${this.data.font}`;
    pen.fillStyle = colours.ink;
    this.lines(place.name, wide).forEach((line, n, all) => {
      pen.fillText(line, x + 8, top + (all.length > 1 ? 18 : 26) + 16 * n);
    });
    if (!station) return;
    const [open, busy, persons] = ["open", "busy", "persons"].map((each) => station[each][row]);
    const share = Math.max(open, busy) ? busy / Math.max(open, busy) : 0;
    pen.fillStyle = colours.band;
    pen.fillRect(x + 8, top + 42, Math.max(open, busy) ? wide : 0, 6);
    pen.fillStyle = colours.accent;
    pen.fillRect(x + 8, top + 42, wide * share, 6);
    pen.font = `12px ${this.data.font}`;
    pen.fillStyle = colours.quiet;
    pen.fillText(this.filled(words.box, { open: this.number(open), busy: this.number(busy) }),
      x + 8, top + 63);
    const long = persons ? Math.max(2, (persons / this.longest) * (wide - 46)) : 0;
    pen.fillStyle = colours.queue;
    pen.fillRect(x + 8, top + 70, long, 14);
    pen.font = `600 13px ${this.data.font}`;
    pen.fillStyle = colours.ink;
    pen.fillText(this.number(persons), x + 12 + long, top + 82);
  }

  // At most two lines, broken between words.
  lines(text, wide) {
    const fits = (part) => this.pen.measureText(part).width <= wide;
    if (fits(text)) return [text];
    const words = text.split(" ");
    let kept = words.length - 1;
    while (kept > 1 && !fits(words.slice(0, kept).join(" "))) kept -= 1;
    const rest = words.slice(kept).join(" ");
    const first = this.cut(words.slice(0, kept).join(" "), wide);
    return rest ? [first, this.cut(rest, wide)] : [first];
  }

  cut(text, wide) {
    if (this.pen.measureText(text).width <= wide) return text;
    let kept = text;
    while (kept && this.pen.measureText(`${kept}…`).width > wide) kept = kept.slice(0, -1);
    return `${kept}…`;
  }
}

export default function playback({ data, parentElement, setTriggerValue }) {
  const root = parentElement;
  const hand = (at) => setTriggerValue("at", at);
  let player = players.get(root);
  if (player && player.canvas === root.querySelector("canvas")) {
    player.hand = hand;
    player.take(data);
    player.shown = null;
    player.watch.observe(player.find(".stage"));
    player.fit();
    if (!player.isPlaying) player.tell();
  } else {
    player?.stop();
    player = new Player(root, data, hand);
    players.set(root, player);
  }
  return () => player.stop();
}
