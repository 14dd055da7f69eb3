// A table like that of mice and their proteins, 72 animals of 15 rows each, as CSV on stdout. The label is the animal's. Three of
// 20 proteins tell a little of it, and every protein tells which animal it is.
//
//   node bench/groups.mjs > mice.csv
//   bnnc cv --data mice.csv --target genotype --folds 6 --ignore animal
//   bnnc cv --data mice.csv --target genotype --folds 6 --set data.split.group=animal
//   python bench/groups.py mice.csv
import { Stream } from 'bnnc/parts';

const [ANIMALS, ROWS, PROTEINS, TELLING, EFFECT, WITHIN] = [72, 15, 20, 3, 0.45, 0.5];
const stream = Stream.fromSeed(1).split('mice');
const order = stream.split('order').permutation(ANIMALS);
const names = Array.from({ length: PROTEINS }, (_, i) => `protein${i + 1}`);
const lines = [`animal,${names.join()},genotype`];
for (let animal = 0; animal < ANIMALS; animal++) {
  const label = order[animal] < ANIMALS / 2 ? 'control' : 'mutant';
  const own = stream.split('animal', animal).normals(PROTEINS);
  for (let row = 0; row < ROWS; row++) {
    const noise = stream.split('row', animal, row).normals(PROTEINS);
    const cells = names.map((_, i) => {
      const effect = i < TELLING ? (label === 'mutant' ? EFFECT : -EFFECT) : 0;
      return (effect + own[i] + WITHIN * noise[i]).toFixed(4);
    });
    lines.push([`m${animal + 1}`, ...cells, label].join());
  }
}
console.log(lines.join('\n'));
