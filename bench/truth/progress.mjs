// A line on stderr for each finished cell, with the time left as the seconds of earlier cells of its kind suggest.
import { describe } from './judge.mjs';

const sameCell = (a, b) => a.row === b.row && a.variant === b.variant && a.seed === b.seed;
const kindOf = ({ row, variant }) => `${row} ${variant}`;

export class Progress {
  constructor(cells, earlier, jobs) {
    this.left = [...cells];
    this.total = cells.length;
    this.jobs = jobs;
    this.seconds = [];
    for (const record of earlier) this.learn(record);
  }

  finished(record) {
    this.left = this.left.filter((cell) => !sameCell(cell, record));
    this.learn(record);
    const seconds = record.seconds?.toFixed(0) ?? '?';
    const done = this.total - this.left.length;
    const what = `${record.row} ${record.variant} ${record.seed}: ${describe(record)} (${seconds} s)`;
    process.stderr.write(`[${done}/${this.total}] ${what}; ${duration(this.secondsLeft())} left\n`);
  }

  learn(record) {
    if (record.status === 'done') this.seconds.push({ kind: kindOf(record), seconds: record.seconds });
  }

  secondsLeft() {
    const overall = mean(this.seconds.map(({ seconds }) => seconds)) ?? 0;
    const ofKind = (kind) => mean(this.seconds.filter((one) => one.kind === kind).map(({ seconds }) => seconds)) ?? overall;
    return this.left.reduce((sum, cell) => sum + ofKind(kindOf(cell)), 0) / this.jobs;
  }
}

const mean = (values) => (values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined);

export function duration(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
