/**
 * Progress for people and for logs. On a terminal one line at the bottom shows what is under way; elsewhere
 * each step prints a line when it begins and one when it ends, and a sign of life now and then in between.
 */
const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const frameMs = 120;
const signOfLifeMs = 20_000;
const colours = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 };

/** "0.4 s", "12 s", "2 min 05 s" */
export function formatDuration(ms) {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

class Step {
  #progress;
  #startedAt;
  #now;
  #saidAt;
  text = "";

  constructor(progress, name, now) {
    this.#progress = progress;
    this.#now = now;
    this.#startedAt = now();
    this.#saidAt = this.#startedAt;
    this.name = name;
  }

  elapsedMs() {
    return this.#now() - this.#startedAt;
  }

  /** What the step is at: shown live on a terminal, and as a line now and then in a log. */
  detail(text) {
    this.text = text.trim();
  }

  /** The line of a sign of life, or null when the last one is recent. */
  signOfLife() {
    if (this.#now() - this.#saidAt < signOfLifeMs) return null;
    this.#saidAt = this.#now();
    return `  ${this.name}, ${formatDuration(this.elapsedMs())}${this.text === "" ? "" : `: ${this.text}`}`;
  }

  done(note = "") {
    this.#progress.end(this, "✓", "green", note);
  }

  fail(note = "") {
    this.#progress.end(this, "✗", "red", note);
  }
}

export class Progress {
  #stream;
  #live;
  #colour;
  #now;
  #active = new Set();
  #timer = null;
  #frame = 0;
  #lineShown = false;

  constructor({ stream = process.stdout, live, colour, now = Date.now } = {}) {
    this.#stream = stream;
    this.#now = now;
    this.#live = live ?? (stream.isTTY === true && !process.env.CI);
    this.#colour = colour ?? (stream.isTTY === true && !process.env.NO_COLOR);
  }

  paint(colour, text) {
    return this.#colour ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
  }

  /** Prints a line above whatever is under way. */
  say(text = "") {
    this.#clearLine();
    this.#stream.write(`${text}\n`);
    this.#drawLine();
  }

  begin(name) {
    const step = new Step(this, name, this.#now);
    this.#active.add(step);
    if (!this.#live) this.say(`… ${name}`);
    // A timer that is not held back by anything else must not keep the process alive.
    this.#timer ??= setInterval(() => this.#tick(), this.#live ? frameMs : 1_000).unref();
    return step;
  }

  end(step, mark, colour, note) {
    this.#active.delete(step);
    const time = this.paint("dim", formatDuration(step.elapsedMs()));
    this.say(`${this.paint(colour, mark)} ${step.name}  ${time}${note === "" ? "" : `  ${note}`}`);
    if (this.#active.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick() {
    this.#frame += 1;
    if (this.#live) {
      this.#clearLine();
      return this.#drawLine();
    }
    for (const step of this.#active) {
      const line = step.signOfLife();
      if (line !== null) this.say(line);
    }
  }

  #clearLine() {
    if (!this.#lineShown) return;
    this.#stream.write("\r\u001b[K");
    this.#lineShown = false;
  }

  #drawLine() {
    if (!this.#live || this.#active.size === 0) return;
    const parts = [...this.#active].map((step) =>
      [step.name, formatDuration(step.elapsedMs()), step.text].filter((part) => part !== "").join(" · "),
    );
    const widthMax = (this.#stream.columns || 80) - 3;
    const frame = frames[this.#frame % frames.length];
    this.#stream.write(`${this.paint("dim", frame)} ${parts.join("  |  ").slice(0, widthMax)}`);
    this.#lineShown = true;
  }
}

// A terminal that closes takes our output away; what is left to do then is to clean up, not to crash.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

/** The one that the commands share, so that their lines don't run into each other. */
export const progress = new Progress();

export function say(text) {
  progress.say(text);
}

/** Runs `work(step)` as a step; its answer, when a text, is the note behind the tick. */
export async function withStep(name, work) {
  const step = progress.begin(name);
  try {
    const answer = await work(step);
    step.done(typeof answer === "string" ? answer : "");
    return answer;
  } catch (error) {
    step.fail();
    throw error;
  }
}
