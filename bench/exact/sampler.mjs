// The marginal likelihood of a structure by a sequential Monte Carlo sampler (Del Moral, Doucet, Jasra 2006): weights are drawn
// from the prior, which knows no mode, and go to the posterior by powers of the likelihood from 0 to 1. At each power they are
// weighed, drawn anew where that has made them uneven, and moved by Hamiltonian Monte Carlo. The estimate of Z rests on no
// Gaussian.

/** Effective share of the weights that a step of the power leaves. */
const KEPT = 0.9;
const LEAST_EFFECTIVE = 0.5;
const LONGEST = 8;

/**
 * @param {import('./model.mjs').Model} model
 * @param {number} particles
 * @param {import('bnnc/parts').Stream} stream
 */
export function sample(model, particles, stream) {
  const swarm = Array.from({ length: particles }, (_, at) => new Particle(model, model.draw(stream.split('start', at))));
  const moves = stream.split('moves');
  let weights = new Float64Array(particles).fill(1 / particles);
  let [power, log, step] = [0, 0, 0.5];
  while (power < 1) {
    const next = nextPower(swarm, weights, power);
    const grown = weights.map((weight, at) => Math.log(weight) + (next - power) * swarm[at].likelihood);
    const sum = logSum(grown);
    log += sum;
    weights = grown.map((each) => Math.exp(each - sum));
    power = next;
    if (1 / weights.reduce((squares, each) => squares + each * each, 0) < LEAST_EFFECTIVE * particles) {
      redraw(swarm, weights, moves.uniform());
      weights.fill(1 / particles);
    }
    const widths = widthsOf(swarm, weights, model);
    let accepted = 0;
    for (const particle of swarm) accepted += particle.move(model, power, widths, step, moves);
    step *= Math.exp(accepted / particles - 0.75);
  }
  return { log, swarm: swarm.map(({ w }) => w), weights };
}

class Particle {
  constructor(model, w) {
    this.w = w;
    this.slope = new Float64Array(w.length);
    this.pull = new Float64Array(w.length);
    this.likelihood = model.likelihood(w, this.slope);
    this.prior = model.prior(w, this.pull);
  }

  /** One Hamiltonian trajectory; the probability that it was accepted with. */
  move(model, power, widths, step, stream) {
    const size = this.w.length;
    const momentum = Float64Array.from(stream.normals(size));
    // Steps of many sizes, for the prior is narrow where slabs are.
    const length = step * Math.exp(-1.5 * stream.uniform());
    const next = new Particle(model, this.w.slice());
    const energy = ({ likelihood, prior }) =>
      momentum.reduce((sum, each) => sum + each * each / 2, 0) - power * likelihood - prior;
    const before = energy(this);
    const push = (by) => {
      for (let p = 0; p < size; p++) momentum[p] += by * widths[p] * (power * next.slope[p] + next.pull[p]);
    };
    const steps = 1 + stream.integer(LONGEST);
    push(length / 2);
    for (let at = 0; at < steps; at++) {
      for (let p = 0; p < size; p++) next.w[p] += length * widths[p] * momentum[p];
      next.likelihood = model.likelihood(next.w, next.slope);
      next.prior = model.prior(next.w, next.pull);
      push(at < steps - 1 ? length : length / 2);
    }
    const chance = Math.min(1, Math.exp(before - energy(next)));
    if (stream.uniform() < chance) Object.assign(this, next);
    return chance || 0;
  }

  copy() {
    const { w, slope, pull } = this;
    return Object.assign(Object.create(Particle.prototype), this, { w: w.slice(), slope: slope.slice(), pull: pull.slice() });
  }
}

/** The power that leaves the wanted share of effective weights. */
function nextPower(swarm, weights, power) {
  const kept = (next) => {
    const top = Math.max(...swarm.map(({ likelihood }) => likelihood));
    let [sum, squares] = [0, 0];
    swarm.forEach(({ likelihood }, at) => {
      const grown = Math.exp((next - power) * (likelihood - top));
      sum += weights[at] * grown;
      squares += weights[at] * grown * grown;
    });
    return sum * sum / squares;
  };
  if (kept(1) >= KEPT) return 1;
  let [low, high] = [0, 1 - power];
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    if (kept(power + middle) >= KEPT) low = middle;
    else high = middle;
  }
  return power + high;
}

/** Systematic resampling, in place. */
function redraw(swarm, weights, uniform) {
  const { length } = swarm;
  const drawn = [];
  let [at, below] = [0, weights[0]];
  for (let place = 0; place < length; place++) {
    while ((place + uniform) / length > below && at < length - 1) below += weights[++at];
    drawn.push(swarm[at].copy());
  }
  drawn.forEach((particle, place) => { swarm[place] = particle; });
}

/** Standard deviations of the weights; a unit and its mirror image count as one. */
function widthsOf(swarm, weights, { size, from }) {
  const [means, squares] = [new Float64Array(size), new Float64Array(size)];
  const signs = new Int8Array(size).fill(1);
  swarm.forEach(({ w }, at) => {
    from.forEach((first, h) => {
      const sign = w[first + 1] < 0 ? -1 : 1;
      const end = (h + 1 < from.length ? from[h + 1] : size) - 1;
      for (let p = first; p < end; p++) signs[p] = sign;
    });
    for (let p = 0; p < size; p++) {
      means[p] += weights[at] * signs[p] * w[p];
      squares[p] += weights[at] * w[p] * w[p];
    }
  });
  return squares.map((each, p) => Math.sqrt(Math.max(each - means[p] ** 2, 1e-6)));
}

export function logSum(logs) {
  const top = logs.reduce((most, each) => Math.max(most, each), -Infinity);
  return top === -Infinity ? top : top + Math.log(logs.reduce((sum, each) => sum + Math.exp(each - top), 0));
}
