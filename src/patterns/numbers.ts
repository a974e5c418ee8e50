// Where numbers stand in a text: groups of digits with little between them, as people write telephones and cards.

/** Digits close together. */
export interface Run {
  /** Start of each group of digits. */
  readonly groups: readonly number[];
  /** Digits from the start of each group to the run's end. */
  readonly digits: readonly number[];
  readonly dots: number;
}

/** Runs with fewer digits are no number that any rule asks for. */
const LEAST_DIGITS = 3;
/** A longer run is looked at in pieces; no rule's number is as long. */
const RUN = /\d(?:[ .()/\u00a0\u2010-\u2015+A-]{0,3}\d){2,63}/g;

/** Calls `each` with every run of a text. The search is linear: what may stand between two digits is at most three characters. */
export function findRuns(text: string, each: (run: Run) => void): void {
  RUN.lastIndex = 0;
  for (let found = RUN.exec(text); found !== null; found = RUN.exec(text)) each(runOf(found[0], found.index));
  RUN.lastIndex = 0;
}

/** What may stand between two digits, as RUN has it, and how much of it. */
const BETWEEN: ReadonlySet<number> = new Set([..." .()/\u00a0\u2010\u2011\u2012\u2013\u2014\u2015+A-"].map((char) => char.charCodeAt(0)));
export const MOST_BETWEEN = 3;

/** At least as many digits as any run of the text has, told without looking for runs. */
export function mostDigits(text: string): number {
  let most = 0;
  let count = 0;
  let between = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x30 && unit <= 0x39) {
      count += 1;
      between = 0;
      if (count > most) most = count;
    } else if (count > 0) {
      between += 1;
      if (between > MOST_BETWEEN || !BETWEEN.has(unit)) count = 0;
    }
  }
  return most;
}

function runOf(run: string, start: number): Run {
  const groups: number[] = [];
  const before: number[] = [];
  let digits = 0;
  let dots = 0;
  let wasDigit = false;
  for (let at = 0; at < run.length; at += 1) {
    const unit = run.charCodeAt(at);
    const isDigit = unit >= 0x30 && unit <= 0x39;
    if (isDigit && !wasDigit) {
      groups.push(start + at);
      before.push(digits);
    }
    if (isDigit) digits += 1;
    if (unit === 0x2e) dots += 1;
    wasDigit = isDigit;
  }
  return { groups, digits: before.map((count) => digits - count), dots };
}

/** Digits that a run has at least. */
export const RUN_DIGITS: number = LEAST_DIGITS;
