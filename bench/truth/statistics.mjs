// The arithmetic of the tables.

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard error of the mean; undefined for fewer than two values. */
export function standardError(values) {
  if (values.length < 2) return undefined;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length);
}

/** Mean and standard error. */
export const summary = (values) => ({ mean: mean(values), se: standardError(values), n: values.length });

/** The 95 % interval of Wilson (1927) for a share of k in n. */
export function wilson(k, n, z = 1.959964) {
  const p = k / n;
  const centre = (p + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** What a selection found of the truth. An empty selection has no false discoveries; without true inputs none is missed. */
export function recovery(kept, truth) {
  const found = kept.filter((input) => truth.includes(input)).length;
  const wrong = kept.length - found;
  return {
    found, wrong, exact: found === truth.length && wrong === 0,
    tpr: truth.length > 0 ? found / truth.length : 1, fdr: kept.length > 0 ? wrong / kept.length : 0,
  };
}

/**
 * Reliability of probabilities over bins of equal width: how many, their mean, the share that is true.
 * Expected calibration error: the mean of |share - mean| over bins, by their counts (Naeini, Cooper, Hauskrecht 2015).
 */
export function reliability(pips, truths, bins = 10) {
  const rows = Array.from({ length: bins }, (_, at) => ({ from: at / bins, to: (at + 1) / bins, count: 0, pip: 0, share: 0 }));
  pips.forEach((pip, at) => {
    const row = rows[Math.min(bins - 1, Math.floor(pip * bins))];
    row.count += 1;
    row.pip += pip;
    row.share += Number(truths[at]);
  });
  const filled = rows.map((row) => (row.count > 0 ? { ...row, pip: row.pip / row.count, share: row.share / row.count } : row));
  const ece = filled.reduce((sum, { count, pip, share }) => sum + count * Math.abs(share - pip), 0) / pips.length;
  return { rows: filled, ece };
}
