/** Infections on 400 wards: the rate per patient day depends on the nurses per bed and the share of catheters alone. */
import { draws, printCsv } from './random.mjs';

const { uniform, normal, poisson } = draws(11);

printCsv(Array.from({ length: 400 }, () => {
  const beds = 8 + Math.floor(28 * uniform());
  const days = Math.round(beds * (30 + 150 * uniform()));
  const nurses = 0.6 + 0.9 * uniform();
  const catheters = 0.05 + 0.4 * uniform();
  const age = 62 + 9 * normal();
  const rate = 0.004 * Math.exp(-1.2 * (nurses - 1) + 3 * (catheters - 0.25));
  const spread = Math.exp(0.3 * normal() - 0.045); // what wards have of their own, 1 on average
  return {
    beds,
    nurses_per_bed: nurses.toFixed(2),
    catheters: catheters.toFixed(3),
    single_rooms: uniform().toFixed(2),
    mean_age: age.toFixed(1),
    floor: Math.floor(6 * uniform()),
    patient_days: days,
    infections: poisson(days * rate * spread),
  };
}));
