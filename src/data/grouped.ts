/** Groups of rows dealt to parts: a group goes to one part as a whole. */
import type { Stream } from '../random.js';

/** Passes over all groups in which single groups are moved to a part where they fit better. */
const PASSES = 20;

/** A group: how many rows of which strata it has. */
interface Group {
  size: number;
  strata: number[];
  counts: number[];
  part: number;
}

/**
 * The part of each row. Every stratum is to have its share in every part as nearly as whole groups allow: the largest groups are
 * dealt first, each to where it lowers the chi-square distance from the shares most, and single groups are moved as long as
 * that lowers it further. No part is left empty; every stratum has a row in the first part if a group can be spared for it.
 * @param groups n: the group of each row
 * @param strata n: the stratum of each row, counted from 0
 * @param shares of the rows, for each part; positive, sum 1, no more parts than groups
 */
export function dealGroups(
  groups: ArrayLike<number>, strata: ArrayLike<number>, shares: readonly number[], stream: Stream,
): Int32Array {
  const { all, of } = gather(groups, strata);
  const deal = new Deal(all, shares);
  // In random order where sizes are about the same, so that another stream deals otherwise.
  const order = Array.from(stream.permutation(all.length)).sort((a, b) => Math.clz32(all[a].size) - Math.clz32(all[b].size));
  for (const g of order) deal.place(all[g]);
  for (let pass = 0; pass < PASSES; pass++) {
    if (order.filter((g) => deal.improve(all[g])).length === 0) break;
  }
  deal.fillEmpty();
  deal.completeFirst();
  return Int32Array.from(of, (g) => all[g].part);
}

/** The distinct values, numbered in order of appearance, and the number of each row's. */
export function numbered(values: ArrayLike<number>): { count: number; of: Int32Array } {
  const places = new Map<number, number>();
  const of = Int32Array.from(values, (value) => {
    let place = places.get(value);
    if (place === undefined) places.set(value, (place = places.size));
    return place;
  });
  return { count: places.size, of };
}

function gather(groups: ArrayLike<number>, strata: ArrayLike<number>): { all: Group[]; of: Int32Array } {
  const { count, of } = numbered(groups);
  const counted = Array.from({ length: count }, () => new Map<number, number>());
  of.forEach((g, n) => counted[g].set(strata[n], (counted[g].get(strata[n]) ?? 0) + 1));
  const all = counted.map((each): Group => {
    const size = [...each.values()].reduce((sum, one) => sum + one, 0);
    // The rows of all strata are one more, so that the sizes of the parts count as much as what is in them.
    return { size, strata: [...each.keys()].map((stratum) => stratum + 1).concat(0), counts: [...each.values(), size], part: -1 };
  });
  return { all, of };
}

class Deal {
  /** By part: rows of each stratum, and how many there should be. */
  private readonly rows: number[][];
  private readonly wanted: number[][];
  private readonly members: number[];

  constructor(private readonly groups: readonly Group[], shares: readonly number[]) {
    const totals: number[] = [];
    for (const { strata, counts } of groups) strata.forEach((c, at) => { totals[c] = (totals[c] ?? 0) + counts[at]; });
    const filled = Array.from(totals, (total) => total ?? 0);
    this.wanted = shares.map((share) => filled.map((total) => share * total));
    this.rows = shares.map(() => filled.map(() => 0));
    this.members = shares.map(() => 0);
  }

  /** To the part where it costs least. */
  place(group: Group): void {
    let [best, least] = [0, Infinity];
    this.rows.forEach((_, part) => {
      const cost = this.cost(group, part);
      if (cost < least) [best, least] = [part, cost];
    });
    this.add(group, best);
  }

  /** Moves a group where that lowers the distance; says whether. */
  improve(group: Group): boolean {
    const from = group.part;
    if (this.members[from] === 1) return false;
    this.remove(group);
    this.place(group);
    return group.part !== from;
  }

  /** Gives each part without groups the smallest one of the part that has the most. */
  fillEmpty(): void {
    this.members.forEach((count, part) => {
      if (count > 0) return;
      const richest = this.members.indexOf(Math.max(...this.members));
      const smallest = this.groups.filter((group) => group.part === richest).reduce((a, b) => (b.size < a.size ? b : a));
      this.move(smallest, part);
    });
  }

  /** Strata that the first part is without get their smallest group there, if its part has another group. */
  completeFirst(): void {
    this.wanted[0].forEach((wanted, stratum) => {
      if (wanted === 0 || this.rows[0][stratum] > 0) return;
      const holders = this.groups.filter(({ strata, part }) => strata.includes(stratum) && this.members[part] > 1);
      if (holders.length > 0) this.move(holders.reduce((a, b) => (b.size < a.size ? b : a)), 0);
    });
  }

  /** By how much the distance rises with a group more. */
  private cost({ strata, counts }: Group, part: number): number {
    const [rows, wanted] = [this.rows[part], this.wanted[part]];
    return strata.reduce((sum, c, at) => sum + counts[at] * (2 * (rows[c] - wanted[c]) + counts[at]) / wanted[c], 0);
  }

  private move(group: Group, part: number): void {
    this.remove(group);
    this.add(group, part);
  }

  private add(group: Group, part: number): void {
    group.part = part;
    this.members[part]++;
    group.strata.forEach((c, at) => { this.rows[part][c] += group.counts[at]; });
  }

  private remove(group: Group): void {
    this.members[group.part]--;
    group.strata.forEach((c, at) => { this.rows[group.part][c] -= group.counts[at]; });
  }
}
