// Whether several seeds select the same inputs, and if not, whether each run's own restarts show it.

/**
 * `met` when 4 in 5 runs select the same set, or when the spread over restarts warns of every input on which they differ: in
 * at least half of the runs it crosses the threshold of 0.5, pip_min < 0.5 <= pip_max.
 */
export function agreement(records) {
  const sets = new Map();
  for (const { kept } of records) sets.set(kept.join(', '), (sets.get(kept.join(', ')) ?? 0) + 1);
  const [[, same]] = [...sets].sort((a, b) => b[1] - a[1]);
  const names = [...new Set(records.flatMap(({ kept }) => kept))];
  const count = (holds) => records.filter(holds).length;
  const disputed = names.map((input) => ({
    input, selected: count(({ kept }) => kept.includes(input)), warned: count((record) => warns(record, input)),
  })).filter(({ selected }) => selected < records.length);
  const agreed = same >= 0.8 * records.length;
  const met = agreed || disputed.every(({ warned }) => warned >= records.length / 2);
  return { figure: `the same set in ${same}/${records.length}${agreed || !met ? '' : ', the spread says so'}`, met, same, sets: [...sets], disputed };
}

function warns({ pips }, name) {
  const { pipMin, pipMax } = pips.find(({ input }) => input === name);
  return pipMin < 0.5 && pipMax >= 0.5;
}
