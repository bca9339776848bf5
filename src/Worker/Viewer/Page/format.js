// Numbers and instants as people read them. Instants are microseconds since the Unix epoch.

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat("en");

export const count = n => (n === null || n === undefined ? "" : whole.format(n));

/** Three digits that count. */
export const short = n => (n === null || n === undefined ? "" : number.format(n));

/** 1 trace, 2 traces. */
export const many = (n, one, more = `${one}s`) => `${count(n)} ${n === 1 ? one : more}`;

/** 812 B, 3.2 KB, 4.1 MB. */
export const bytes = n => (n < 1000 ? `${n} B` : n < 1e6 ? `${number.format(n / 1e3)} KB` : n < 1e9 ? `${number.format(n / 1e6)} MB` : `${number.format(n / 1e9)} GB`);

export const cost = n => (n === null || n === undefined ? "" : n === 0 ? "$0" : `$${n < 0.01 ? n.toPrecision(2) : n.toFixed(2)}`);

/** A duration in microseconds: 850 µs, 3.2 ms, 4.1 s, 2 m 3 s. */
export function duration(us) {
  if (us === null || us === undefined) return "";
  if (us < 0) return "ends before it starts";
  if (us < 1000) return `${us} µs`;
  if (us < 1e6) return `${number.format(us / 1e3)} ms`;
  if (us < 60e6) return `${number.format(us / 1e6)} s`;
  const s = Math.round(us / 1e6);
  if (s < 3600) return `${Math.floor(s / 60)} m ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} m`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

/** Whole, in UTC. */
export const instant = us => (us === null || us === undefined ? "" : new Date(us / 1000).toISOString().replace("T", " "));

/** Short, in the reader's own time: the time of today, else the date too. */
export function moment(us) {
  const date = new Date(us / 1000);
  const time = date.toLocaleTimeString("en-GB");
  return date.toDateString() === new Date().toDateString() ? time
    : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

const two = n => String(n).padStart(2, "0");

/** A judgment as a few words. */
export function judgment(verdict) {
  if (verdict.error !== null && verdict.error !== undefined) return "error";
  if (verdict.judgment === null || verdict.judgment === undefined) return verdict.outside ? "says nothing" : "abstains";
  if (typeof verdict.judgment === "number") return number.format(verdict.judgment);
  return Array.isArray(verdict.judgment) ? verdict.judgment.join(", ") : String(verdict.judgment);
}

/** good, bad or plain. */
export const mood = verdict => (verdict.error ? "bad" : verdict.judgment === true ? "good" : verdict.judgment === false ? "bad" : "plain");
